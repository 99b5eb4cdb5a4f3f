"""Writes the node cases of the installed onnx package: python generate_cases.py FOLDER

Since 1.23 the package has the code of its cases and no longer their files. The layout is that of
the files: CASE/model.onnx, CASE/test_data_set_0/{input,output}_N.pb.
"""

import os
import sys
import warnings

import numpy as np
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases


def serialize(value, info):
    kind = info.type.WhichOneof("value")
    if kind == "sequence_type":
        return numpy_helper.from_list(value, info.name)
    if kind == "optional_type":
        return numpy_helper.from_optional(value, info.name)
    if isinstance(value, TensorProto):
        return value
    return numpy_helper.from_array(np.asarray(value), info.name)


def write(path, message):
    with open(path, "wb") as file:
        file.write(message.SerializeToString())


def main(folder):
    # Cases that divide by zero mean to.
    warnings.simplefilter("ignore")
    cases = collect_testcases(None)
    for case in cases:
        (data_set,) = case.data_sets
        data = os.path.join(folder, case.name, "test_data_set_0")
        os.makedirs(data)
        write(os.path.join(folder, case.name, "model.onnx"), case.model)
        graph = case.model.graph
        for kind, values, infos in zip(("input", "output"), data_set, (graph.input, graph.output)):
            for index, (value, info) in enumerate(zip(values, infos)):
                write(os.path.join(data, f"{kind}_{index}.pb"), serialize(value, info))
    print(f"{len(cases)} cases")


main(sys.argv[1])
