# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Only replaces the five fields and forgets that they have formats.
# because: the owner's tests fail
python3 -I - <<'PY'
text = open("letters.py").read()
text = text.replace("        return template.format(customer=customer, order=order)\n", '''        for field in ("customer.name", "customer.city", "order.number", "order.total", "order.day"):
            whose, what = field.split(".")
            value = getattr({"customer": customer, "order": order}[whose], what)
            template = template.replace("{" + field + "}", str(value))
        if "{" in template:
            raise LetterError("no such field")
        return template
''')
open("letters.py", "w").write(text)
PY
echo done
