"""Makes gx.fixtures.json from the test definitions of Great Expectations (Apache-2.0).

    git clone https://github.com/great-expectations/great_expectations
    git -C great_expectations checkout ce78204d6d659caf676ccdcaec0a3184bb95445f
    python3 gx.fixtures.py great_expectations/.git

Only data, arguments and outcomes are taken over: the cases of the expectations that a schema of ours
can say too, on numbers, texts and null. Left out: cases that are expected to raise, strict limits,
limits that are parsed from texts, and cases that compare values of different types.
Made with Python 3.11.
"""

import json
import subprocess
import sys

COMMIT = "ce78204d6d659caf676ccdcaec0a3184bb95445f"
MAP = "tests/test_definitions/column_map_expectations/expect_column_values_to_"
FILES = {
    "between": MAP + "be_between.json",
    "in_set": MAP + "be_in_set.json",
    "not_null": MAP + "not_be_null.json",
    "unique": MAP + "be_unique.json",
    "increasing": MAP + "be_increasing.json",
    "decreasing": MAP + "be_decreasing.json",
    "regex": MAP + "match_regex.json",
    "lengths": "tests/test_definitions/column_map_expectations/expect_column_value_lengths_to_be_between.json",
    "rows": "tests/test_definitions/other_expectations/expect_table_row_count_to_be_between.json",
    "exists": "tests/test_definitions/other_expectations/expect_column_to_exist.json",
    "pair": "tests/test_definitions/column_pair_map_expectations/expect_column_pair_values_a_to_be_greater_than_b.json",
}
ARGUMENTS = {
    "between": {"column", "min_value", "max_value", "mostly"},
    "in_set": {"column", "value_set", "mostly"},
    "not_null": {"column", "mostly"},
    "unique": {"column", "mostly"},
    "increasing": {"column", "strictly"},
    "decreasing": {"column", "strictly"},
    "regex": {"column", "regex", "mostly"},
    "lengths": {"column", "min_value", "max_value", "mostly"},
    "rows": {"min_value", "max_value"},
    "exists": {"column"},
    "pair": {"column_A", "column_B", "or_equal", "ignore_row_if"},
}


def is_kind(values, kinds):
    return all(v is None or (isinstance(v, kinds) and not isinstance(v, bool)) for v in values)


def usable(name, arguments, data):
    columns = [data.get(arguments[key], []) for key in ("column", "column_A", "column_B") if key in arguments]
    if name in ("rows", "exists"):
        return True
    if name in ("between", "increasing", "decreasing", "pair"):
        return all(is_kind(values, (int, float)) for values in columns) and is_kind(
            [arguments.get("min_value"), arguments.get("max_value")], (int, float)
        )
    if name in ("regex", "lengths"):
        return is_kind(columns[0], (str,))
    if name == "in_set":
        both = columns[0] + (arguments.get("value_set") or [])
        return arguments.get("value_set") is not None and (is_kind(both, (str,)) or is_kind(both, (int,)))
    return True


def cases(git_folder):
    for name, path in FILES.items():
        text = subprocess.run(
            ["git", f"--git-dir={git_folder}", "show", f"{COMMIT}:{path}"], capture_output=True, check=True
        ).stdout
        for dataset in json.loads(text)["datasets"]:
            tests = dataset["tests"]
            data = dataset["data"]
            if not isinstance(data, dict):
                continue
            for case in tests:
                arguments, out = case["in"], case["out"]
                if not isinstance(arguments, dict) or "success" not in out or case.get("exact_match_out") is None:
                    continue
                arguments = {k: v for k, v in arguments.items() if v is not None and k != "result_format"}
                if not set(arguments) <= ARGUMENTS[name] or not usable(name, arguments, data):
                    continue
                wanted = [arguments[key] for key in ("column", "column_A", "column_B") if key in arguments]
                columns = data if name in ("rows", "exists") else {key: data[key] for key in wanted if key in data}
                unexpected = out.get("unexpected_list")
                yield {
                    "expectation": name,
                    "title": case["title"],
                    "arguments": arguments,
                    "data": columns,
                    "success": out["success"],
                    **({} if unexpected is None else {"unexpected": len(unexpected)}),
                }


found = list(cases(sys.argv[1]))
with open("gx.fixtures.json", "w") as file:
    file.write('{\n  "source": "great-expectations/great_expectations@' + COMMIT + '",\n  "cases": [\n')
    file.write(",\n".join("    " + json.dumps(case, separators=(",", ":")) for case in found))
    file.write("\n  ]\n}\n")
