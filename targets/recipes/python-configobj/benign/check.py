import sys

sys.path.insert(0, sys.argv[1])
from configobj.validate import Validator

print("ok" if Validator().check("integer(min=1, max=9)", "7") == 7 else "other")
