# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
exec python3 -I score.py
