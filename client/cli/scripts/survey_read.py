# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads this folder into Python with its labels. Needs nothing but Python itself.

    import read
    survey = read.load(".", language="nb")
    for row in survey.item("possibilities_used"):
        print(row["respondent"], row["value"], row["label"])
    print(survey.states("possibilities_used"))

With pandas: pandas.DataFrame(survey.answers).
"""
import collections
import csv
import pathlib


def _plain(text):
    """An apostrophe was put before what a spreadsheet would have calculated."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


def _rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [{name: _plain(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


class Survey:
    """Answers as rows: one for each value, item and target. `value` and `position` are numbers or None; `state` tells the kinds of
    missing apart; `label` is in the language asked for."""

    def __init__(self, directory, language):
        directory = pathlib.Path(directory)
        codebook = _rows(directory / "codebook.csv")
        column = f"label_{language}"
        if codebook and column not in codebook[0]:
            raise ValueError(f"no labels in language {language}")

        def label(row):
            return row[column] or row["label_nb"]
        self.state_labels = {row["code"]: label(row) for row in codebook if row["entry"] == "state"}
        self.variables = {row["variable"]: label(row) for row in codebook if row["entry"] == "variable"}
        self.values = collections.defaultdict(dict)
        for row in codebook:
            if row["entry"] == "value":
                self.values[row["variable"]][float(row["value"])] = label(row)
        self.actors = {row["target"]: label(row) for row in codebook if row["entry"] == "actor"}
        self.respondents = _rows(directory / "respondents.csv")
        self.answers = _rows(directory / "answers.csv")
        for row in self.answers:
            row["value"] = float(row["value"]) if row["value"] else None
            row["position"] = int(row["position"]) if row["position"] else None
            row["label"] = self.values[row["item"]].get(row["value"], "")

    def item(self, item):
        """The rows of one item."""
        if item not in self.variables:
            raise KeyError(item)
        return [row for row in self.answers if row["item"] == item]

    def states(self, item):
        """How often each state occurs among the answers to one item; one choice of several counts once."""
        counts = collections.Counter(row["state"] for row in self.item(item) if row["position"] in (None, 1))
        return {state: counts[state] for state in self.state_labels}


def load(directory=".", language="nb"):
    return Survey(directory, language)
