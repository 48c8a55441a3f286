# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Asks for each field, wherever it stands, whether it is one of the five.
python3 -I - <<'PY'
text = open("letters.py").read()
text = text.replace("from dataclasses", "import string\nfrom dataclasses", 1)
text = text.replace("def letter(", '''FIELDS = {"customer.name", "customer.city", "order.number", "order.total", "order.day"}


class _Letters(string.Formatter):
    def get_field(self, field_name, args, kwargs):
        if field_name not in FIELDS:
            raise LetterError("this template names a field that there is not")
        return super().get_field(field_name, args, kwargs)


def letter(''', 1)
text = text.replace("template.format(", "_Letters().format(template, ")
open("letters.py", "w").write(text)
PY
echo done
