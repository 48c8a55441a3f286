# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# The kind of crash and its first own frames, lines included.
# because: the pairs agree
python3 -I - <<'PY'
import json
import os
import re
from collections import defaultdict

groups = defaultdict(list)
for name in sorted(os.listdir("crashes")):
    text = open(f"crashes/{name}").read()
    kind = re.search(r"AddressSanitizer: (\S+)", text)[1]
    stack = re.findall(r"^    #\d+ \S+ in (\S+) (\S+):(\d+)$", text.split("\n\n")[0], re.M)
    own = [(function, file) for function, file, _ in stack if file.startswith("/build") and "/buffer.c" not in file]
    key = (kind, *stack[:4])
    groups[key].append(name)
json.dump(list(groups.values()), open("groups.json", "w"))
PY
echo done
