"""Writes face-crops.fixtures.json: three faces of demo/sample3.jpg of @vladmandic/face-api 1.7.15 (MIT), which is
unpacked beside this script's working folder, each 64 by 64 pixels in grey. Made with Pillow 12.

    npm pack @vladmandic/face-api@1.7.15 && tar -xzf vladmandic-face-api-1.7.15.tgz
    python face-crops.fixtures.py package/demo/sample3.jpg > face-crops.fixtures.json
"""

import base64
import json
import sys

from PIL import Image

# The middle of each face and its height, in parts of the picture's width, and what it looks like.
FACES = [
    {"centre": (0.602, 0.192), "size": 0.150, "expression": "happy"},
    {"centre": (0.836, 0.222), "size": 0.150, "expression": "happy"},
    {"centre": (0.352, 0.245), "size": 0.150, "expression": "closed lips"},
]

picture = Image.open(sys.argv[1]).convert("RGB")
width = picture.width
faces = []
for face in FACES:
    x, y = (part * width for part in face["centre"])
    half = face["size"] * width / 2
    # Grey by the weights that the model was made with, .2989, .587 and .114.
    grey = picture.crop((int(x - half), int(y - half), int(x + half), int(y + half))).resize((64, 64), Image.BILINEAR).convert("L")
    faces.append({"expression": face["expression"], "pixels": base64.b64encode(grey.tobytes()).decode()})
json.dump({"faces": faces}, sys.stdout)
