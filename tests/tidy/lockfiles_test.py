#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What npm fetches is pinned by content and not by host, runs on Debian 12's own node and npm, and nothing that was fetched or built
is committed."""
import json
import re

import tree


DEBIAN_NODE = 18    # 18.20 and npm 9 in Debian 12
NEWEST_LOCKFILE = 3     # that npm 9 reads


def runs_on_debian(engines):
    """">=18", "^16.3.0 || >=18.1": does one of the alternatives admit Debian's? What cannot be read does not."""
    for alternative in engines.split("||"):
        found = re.fullmatch(r"\s*(>=|\^|~|)\s*v?(\d+)(\.[\dx.*]+)?\s*", alternative)
        if alternative.strip() == "*" or (found and (found[1] == ">=" and int(found[2]) <= DEBIAN_NODE or int(found[2]) == DEBIAN_NODE)):
            return True
    return False


def main():
    problems, checked = [], 0
    for path in tree.files(".json"):
        if path.name != "package-lock.json":
            continue
        lock = json.loads(tree.read(path))
        wanted = json.loads(tree.read(path.with_name("package.json")))
        if "omit-lockfile-registry-resolved=true" not in tree.read(path.with_name(".npmrc")).split():
            problems.append(f"{path}: its .npmrc does not say omit-lockfile-registry-resolved=true")
        if lock["lockfileVersion"] > NEWEST_LOCKFILE:
            problems.append(f"{path}: lockfileVersion {lock['lockfileVersion']} is too new for Debian's npm")
        if "node" not in wanted.get("engines", {}):
            problems.append(f"{path.with_name('package.json')}: does not say which node it needs")
        for name, package in lock["packages"].items():
            checked += 1
            needs = package.get("engines", {}).get("node", "*")
            if not runs_on_debian(needs):
                problems.append(f"{path}: {name or 'it'} needs node {needs}, Debian has {DEBIAN_NODE}")
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
