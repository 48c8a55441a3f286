import sys, time
sys.path.insert(0, sys.argv[1])
from configobj.validate import Validator, VdtUnknownCheckError
start = time.monotonic()
try:
    Validator().check('a' + '(' * 20000, 'b')
except VdtUnknownCheckError:
    pass
slow = time.monotonic() - start > 0.3
print('VULNERABLE' if slow else 'ok')
sys.exit(1 if slow else 0)
