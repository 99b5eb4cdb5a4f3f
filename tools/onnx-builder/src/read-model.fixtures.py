"""Writes read-model.fixtures.json, a model as the `onnx` package serialises it.

    pip install onnx==1.23.2 && python read-model.fixtures.py

It sets what no runtime's JavaScript interface reports, so that field numbers are checked against
the format's own library.
"""

import base64
import json
import pathlib

import onnx
from onnx import TensorProto, helper

graph = helper.make_graph(
    [
        helper.make_node("Add", ["x", "w"], ["s"], name="add"),
        helper.make_node("Scaler", ["s"], ["y"], name="scale", domain="ai.onnx.ml", scale=[0.5], offset=[0.25]),
    ],
    "golden",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, None])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    [helper.make_tensor("w", TensorProto.FLOAT, [1], b"\x00\x00\x20\xc1", raw=True)],
)
model = helper.make_model(
    graph,
    opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)],
    producer_name="someone",
    doc_string="What it is for.",
    ir_version=8,
)
helper.set_model_props(model, {"trained": "2026-11-23", "größe": "klein"})

fixture = {
    "generator": f"read-model.fixtures.py, onnx {onnx.__version__}",
    "model": base64.b64encode(model.SerializeToString(deterministic=True)).decode(),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture, indent=2) + "\n")
