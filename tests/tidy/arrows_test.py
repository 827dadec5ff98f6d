#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rooms include only what docs/architecture.md allows, and third-party headers stay in their homes."""
import pathlib
import re

import tree

# Rooms, longest folder first; analysis/report/result.h is the contract between families and renderers, so it is a room of its own.
ROOMS = ["analysis/network", "analysis/metrics", "analysis/inference", "analysis/report", "analysis/worker", "server/handlers", "server/http", "server/web", "server/form", "server/mail", "server/api", "server/schedule",
         "client/lib", "client/cli", "client/sources", "client/simulate", "client/demo", "formats", "proto", "sql", "po", "server", "cmake", "tests"]
RESULT = pathlib.Path("analysis/report/result.h")
GENERATED = {"samordning.pb-c.h": "proto", "survey.pb-c.h": "proto", "vocabulary.pb-c.h": "proto",
             "sql_text.h": "sql", "catalogue_data.h": "po", "web_asset_data.h": "server/web"}
LIBRARIES = {"igraph": r"igraph/", "gsl": r"gsl/", "libxml2": r"libxml/", "libevent": r"event2/", "openssl": r"openssl/", "libpq": r"libpq-fe\.h|libpq/|pg_",
             "systemd": r"systemd/", "protobuf-c": r"protobuf-c/|google/protobuf-c", "jansson": r"jansson\.h", "sodium": r"sodium", "xxhash": r"xxhash\.h",
             "xlsxwriter": r"xlsxwriter\.h", "zlib": r"zlib\.h", "zstd": r"zstd", "libcsv": r"csv\.h", "check": r"check\.h", "libcurl": r"curl/", "libical": r"libical/",
             "cairo": r"cairo", "pango": r"pango/|glib\.h", "librsvg": r"librsvg/", "qpdf": r"qpdf/", "libarchive": r"archive"}

# Libraries that come with proto: its target carries them to whoever may use proto.
PROTO = {"protobuf-c", "jansson", "sodium", "xxhash"}
# room: (rooms it may include besides itself, libraries)
CLIENT = {"proto", "formats", "client/lib", "client/cli", "client/sources", "client/simulate"}
ALLOWED = {
    "proto": (set(), PROTO),
    "analysis/network": ({"days", "result"}, {"igraph"}),
    "analysis/metrics": ({"days", "result", "analysis/network", "analysis/inference"}, {"igraph", "gsl"}),
    "analysis/inference": ({"result", "analysis/network"}, {"igraph", "gsl"}),
    "analysis/report": ({"days", "result", "analysis/network", "analysis/inference", "po"},
                        {"libxml2", "cairo", "pango", "librsvg", "qpdf", "zlib"}),
    "analysis/worker": ({"days", "result", "analysis/network", "analysis/metrics", "analysis/inference", "analysis/report", "formats", "proto", "sql"},
                        {"libpq", "libarchive"} | PROTO),
    "formats": ({"proto"}, {"libxml2", "xlsxwriter", "libarchive"} | PROTO),
    "client/lib": (CLIENT - {"client/cli", "client/simulate", "formats"}, {"openssl"} | PROTO),
    "client/sources": ({"proto", "client/lib"}, {"zlib", "zstd", "libcsv", "libxml2"} | PROTO),
    "client/simulate": ({"proto", "client/lib"}, {"libxml2", "libcurl"} | PROTO),
    "client/cli": (CLIENT, {"openssl", "zlib", "zstd", "libxml2"} | PROTO),
    "po": (set(), set()),
    "server": ({"proto", "sql", "server/handlers", "server/http", "server/web", "server/form", "server/mail", "server/schedule", "server/api"}, {"libevent", "openssl", "libpq", "systemd", "libical"} | PROTO),
    "server/http": ({"proto", "server"}, {"libevent"}),
    "server/mail": ({"proto", "server"}, {"libevent", "libcurl", "sodium"}),
    "server/schedule": ({"proto", "server", "server/mail"}, {"libevent", "libcurl"}),
    "server/web": ({"proto", "server"}, {"libevent", "openssl", "zlib"} | PROTO),
    "server/form": ({"proto", "server", "server/web", "po"}, PROTO),
    "server/api": ({"proto", "formats", "server", "server/web", "server/form"}, PROTO),
    "server/handlers": ({"proto", "request.h store.h"}, {"protobuf-c"}),
}
# What handlers may know of the rest of the daemon: words, not sockets, TLS or SQL.
HANDLER_HEADERS = {"request.h", "store.h", "store_admin.h", "store_survey.h", "metrics.h", "log.h", "handlers.h", "dispatch.h", "config.h", "clock.h", "token_secret.h", "store_schedule.h", "recurrence.h", "period.h", "delivery.h"}
DAY_HEADERS = {"civil_time.h", "time_precision.h", "status.h", "varint.h", "digest.h"}


def room_of(path):
    return next((room for room in ROOMS if str(path).startswith(room + "/")), None)


def main():
    headers = {}
    for path in tree.files(".h"):
        headers.setdefault(path.name, []).append(path)
    problems, checked = [], 0
    for path in tree.files(".c", ".h"):
        room = room_of(path)
        if room is None:
            problems.append(f"{path}: belongs to no room")
            continue
        if room not in ALLOWED:
            continue
        rooms, libraries = ALLOWED[room]
        text = tree.code(tree.read(path))
        for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', text, re.M):
            checked += 1
            name = match.group(2)
            where = f"{path}:{tree.line_of(text, match.start())}"
            library = next((known for known, pattern in LIBRARIES.items() if re.match(pattern, name)), None)
            if library and name not in headers:
                if library not in libraries:
                    problems.append(f"{where}: {room} may not include <{name}> ({library})")
                continue
            base = pathlib.PurePath(name).name
            targets = {room_of(p) for p in headers.get(base, [])} | ({GENERATED[base]} if base in GENERATED else set())
            if not targets or room in targets:
                continue
            if RESULT in headers.get(base, []) and "result" in rooms or base in DAY_HEADERS and "days" in rooms and "proto" in targets:
                continue
            if room == "server/handlers" and base in HANDLER_HEADERS and "server" in targets:
                continue
            if not targets & rooms:
                problems.append(f"{where}: {room} may not include \"{name}\" of {', '.join(sorted(t or '?' for t in targets))}")
    tree.finish(problems, checked, "includes")


main()
