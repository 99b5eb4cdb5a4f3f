"""Writes saved-model.fixtures.json: the files of a small SavedModel, in base64. Made with tensorflow_cpu 2.21.0.

    python saved-model.fixtures.py > saved-model.fixtures.json
"""

import base64
import json
import os
import sys
import tempfile

import tensorflow as tf


class Model(tf.Module):
    def __init__(self):
        self.weight = tf.Variable([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="weight")
        self.bias = tf.Variable([0.5, 0.25, 0.125], name="bias")

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name="x")])
    def dense(self, x):
        y = tf.matmul(x, self.weight) + self.bias
        return {"y": y, "total": tf.reduce_sum(y)}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="words")])
    def shout(self, words):
        return {"loud": tf.strings.upper(words)}

    @tf.function(input_signature=[tf.TensorSpec(None, tf.float32, name="x")])
    def negate(self, x):
        return {"y": -x}


folder = tempfile.mkdtemp()
model = Model()
signatures = {"serving_default": model.dense, "shout": model.shout, "negate": model.negate}
tf.saved_model.save(model, folder, signatures=signatures)
files = {}
for root, _, names in os.walk(folder):
    for name in sorted(names):
        path = os.path.join(root, name)
        with open(path, "rb") as file:
            files[os.path.relpath(path, folder)] = base64.b64encode(file.read()).decode()
json.dump({"files": {name: files[name] for name in sorted(files) if name != "fingerprint.pb"}}, sys.stdout)
