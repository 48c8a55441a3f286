# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
# Takes the one token that stands there in plain text: it came in.
grep -a -o 'bw{[0-9a-f]*}' night.pcap | head -1
