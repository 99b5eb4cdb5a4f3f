"""The device-price server as one would write it with Flask and onnxruntime.

`flask --app flask_server.py run` serves `POST /v1/price` on Flask's development server: the same
fields, checks, encoding and answer as examples/device-price, on the same model file.

MODEL_FOLDER      the model package
ORT_OPTIONS       "tuned": one thread and no spinning; "default": onnxruntime's own options
REQUEST_LOG       "off": no line on stderr for each request; "on": as Flask comes
"""

import json
import logging
import math
import os
from pathlib import Path

import numpy as np
import onnxruntime as ort
from flask import Flask, jsonify, request

RANGES = {
    "newPriceEur": (1, 10_000),
    "releaseYear": (2000, 2100),
    "daysUsed": (0, 10_000),
    "ramGb": (0, 256),
    "storageGb": (0, 4096),
    "screenCm": (1, 100),
    "rearCameraMp": (0, 1000),
    "frontCameraMp": (0, 1000),
    "batteryMah": (1, 50_000),
    "weightGrams": (1, 5000),
}
NAMES = ("brand", "os")
FLAGS = ("has4g", "has5g")
NUMERIC = (*RANGES, *FLAGS)
FIELDS = (*NAMES, *NUMERIC)
MISSING = -1.0
UNKNOWN_ID = 0

folder = Path(os.environ["MODEL_FOLDER"])
manifest = json.loads((folder / "model.json").read_text())
limits = {feature["name"]: (feature["min"], feature["max"]) for feature in manifest["extra"]["numericFeatures"]}
ids = {
    "brand": {name.lower(): index for index, name in enumerate(manifest["extra"]["brands"])},
    "os": {name.lower(): index for index, name in enumerate(manifest["extra"]["operatingSystems"])},
}

options = ort.SessionOptions()
if os.environ.get("ORT_OPTIONS", "tuned") == "tuned":
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
session = ort.InferenceSession(folder / manifest["formats"]["onnx"], options, providers=["CPUExecutionProvider"])

if os.environ.get("REQUEST_LOG", "off") == "off":
    logging.getLogger("werkzeug").setLevel(logging.WARNING)

app = Flask(__name__)


def find_issue(device):
    """What is wrong with a request's body, or None."""
    if not isinstance(device, dict):
        return "The body has to be an object."
    if not device:
        return "Give at least one field."
    for field, value in device.items():
        if field in RANGES:
            low, high = RANGES[field]
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not is_number or not low <= value <= high:
                return f"{field} has to be a number from {low} to {high}."
        elif field in NAMES:
            if not isinstance(value, str) or not 1 <= len(value.strip()) <= 64:
                return f"{field} has to be a text of 1 to 64 characters."
        elif field in FLAGS:
            if not isinstance(value, bool):
                return f"{field} has to be true or false."
        else:
            return f"{field} is no field of a device."
    return None


def id_of(field, device):
    name = device.get(field)
    return UNKNOWN_ID if name is None else ids[field].get(name.strip().lower(), UNKNOWN_ID)


@app.post("/v1/price")
def price():
    device = request.get_json()
    issue = find_issue(device)
    if issue is not None:
        return jsonify(error={"message": issue}), 400
    numeric = [float(device.get(field, MISSING)) for field in NUMERIC]
    known = {field: id_of(field, device) for field in NAMES}
    (ln_price,) = session.run(
        ["ln_price"],
        {
            "numeric": np.array([numeric], dtype=np.float32),
            "brand": np.array([[known["brand"]]], dtype=np.int32),
            "os": np.array([[known["os"]]], dtype=np.int32),
        },
    )
    return jsonify(
        priceEur=math.floor(math.exp(float(ln_price[0, 0])) * 100 + 0.5) / 100,
        imputedFields=[field for field in FIELDS if field not in device],
        unseenFields=[field for field in NAMES if field in device and known[field] == UNKNOWN_ID],
        outOfRangeFields=[
            field for field in NUMERIC if field in device and not limits[field][0] <= device[field] <= limits[field][1]
        ],
        model=manifest["name"],
        version=manifest["version"],
    )
