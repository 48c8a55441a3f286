# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
"""Fills in the templates it is given with the agent's letters.py; knows nothing of what is right."""
import importlib.util
import json
import sys
from datetime import date

asked = json.load(sys.stdin)
spec = importlib.util.spec_from_file_location("letters", "/work/letters.py")
letters = importlib.util.module_from_spec(spec)
sys.modules["letters"] = letters
spec.loader.exec_module(letters)
letters.PAYMENT_KEY = asked["secret"]
told = []
for template, name in asked["letters"]:
    customer = letters.Customer(name=name, city="Łódź", card=asked["secret"])
    order = letters.Order(number=12, total=1234.5, day=date(2026, 3, 1), margin=asked["margin"])
    try:
        told.append(["letter", letters.letter(template, customer, order)])
    except letters.LetterError as error:
        told.append(["refused", str(error)])
    except Exception as error:
        told.append(["broken", type(error).__name__])
json.dump(told, sys.stdout)
