# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
python3 -I - <<'PY'
import base64
import struct
import zlib

data = open("night.pcap", "rb").read()
at, pieces = 24, {}
while at < len(data):
    length = struct.unpack_from("<I", data, at + 8)[0]
    frame = data[at + 16 : at + 16 + length]
    at += 16 + length
    udp = frame[34:]
    if frame[23] != 17 or struct.unpack_from("!H", udp, 2)[0] != 53:
        continue
    labels, place = [], 20
    while udp[place]:
        labels.append(udp[place + 1 : place + 1 + udp[place]].decode())
        place += 1 + udp[place]
    if labels[2:] == ["status", "weather", "example"]:
        pieces[int(labels[1], 16)] = labels[0]
text = "".join(pieces[number] for number in sorted(pieces)).upper()
document = zlib.decompress(base64.b32decode(text + "=" * (-len(text) % 8))).decode()
print(document[document.index("bw{") :].strip())
PY
