#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What npm fetches is pinned by content and not by host, and nothing that was fetched or built is committed."""
import json
import re

import tree


def main():
    problems, checked = [], 0
    for path in tree.files(".json"):
        if path.name != "package-lock.json":
            continue
        lock = json.loads(tree.read(path))
        wanted = json.loads(tree.read(path.with_name("package.json")))
        if "omit-lockfile-registry-resolved=true" not in tree.read(path.with_name(".npmrc")).split():
            problems.append(f"{path}: its .npmrc does not say omit-lockfile-registry-resolved=true")
        for name, package in lock["packages"].items():
            checked += 1
            if name and "resolved" in package:
                problems.append(f"{path}: {name} names a host: {package['resolved']}")
            if name and not package.get("integrity", "").startswith("sha512-"):
                problems.append(f"{path}: {name} is not pinned by content")
            if package.get("hasInstallScript"):
                problems.append(f"{path}: {name} runs a script when it is installed")
        for name, version in wanted.get("devDependencies", {}).items():
            if not re.fullmatch(r"\d+\.\d+\.\d+", version):
                problems.append(f"{path.with_name('package.json')}: {name} is not one version: {version}")
    for path in tree.files():
        if "node_modules" in path.parts or path.name.startswith("web_asset_data"):
            problems.append(f"{path}: fetched or built, and committed")
    tree.finish(problems, checked, "packages")


main()
