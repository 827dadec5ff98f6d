# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input in files: one clear line that names file, line, field and reason; neighbours are kept; exit codes differ."""
import gzip
import subprocess

import pytest

from harness.daemon import OPERATOR

SUBMITTER = "972417807"
CLIENTS_MUST_NOT_LEAK = True
HEADER = "interaction,type,time,actor,role\n"
GOOD = "god-1,meeting,2025-03-03T09:00,FIN,chair\ngod-1,meeting,2025-03-03T09:00,KD,participant\n"
MORE = "god-2,meeting,2025-03-04T09:00,HOD,chair\ngod-2,meeting,2025-03-04T09:00,KD,participant\n"


@pytest.fixture(scope="module")
def daemon(module_daemon):
    module_daemon.enrol(SUBMITTER, "Finansdepartementet")
    return module_daemon


@pytest.fixture
def submit(daemon, tmp_path):
    def run(content, *arguments, name="fil.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        before = daemon.stored()
        done = daemon.client(SUBMITTER, "submit", path, *arguments, cwd=tmp_path)
        done.added = daemon.stored() - before
        done.words = done.stdout + done.stderr
        done.rejections = "".join(p.read_text(encoding="utf-8") for p in sorted(tmp_path.iterdir()) if "reject" in p.name)
        return done
    return run


def fresh(text, mark):
    """The same rows under identifiers of their own, so that tests do not meet each other's."""
    return text.replace("god-", f"{mark}-")


def test_good_rows_then_the_same_again(submit):
    first = submit(HEADER + fresh(GOOD + MORE, "a"))
    assert (first.returncode, first.added) == (0, 2), first.words
    again = submit(HEADER + fresh(GOOD + MORE, "a"))
    assert (again.returncode, again.added) == (0, 0), again.words


BAD_ROWS = {
    "bad date": ("x,meeting,2025-02-30T09:00,FIN,chair\nx,meeting,2025-02-30T09:00,KD,participant\n", "time"),
    "date out of range": ("x,meeting,1930-05-01,FIN,chair\nx,meeting,1930-05-01,KD,participant\n", "time"),
    "no date": ("x,meeting,,FIN,chair\nx,meeting,,KD,participant\n", "time"),
    "hour that summer time skips": ("x,meeting,2025-03-30T02:30,FIN,chair\nx,meeting,2025-03-30T02:30,KD,participant\n",
                                    "time"),
    "unknown type": ("x,kaffe,2025-03-03T09:00,FIN,chair\nx,kaffe,2025-03-03T09:00,KD,participant\n", "type"),
    "unknown role": ("x,meeting,2025-03-03T09:00,FIN,sjef\nx,meeting,2025-03-03T09:00,KD,participant\n", "role"),
    "one participant": ("x,meeting,2025-03-03T09:00,FIN,chair\n", "participants"),
    "the same twice": ("x,meeting,2025-03-03T09:00,FIN,chair\nx,meeting,2025-03-03T09:00,FIN,chair\n", "actor"),
    "no name": ("x,meeting,2025-03-03T09:00,FIN,chair\nx,meeting,2025-03-03T09:00,,participant\n", "actor"),
    "too few columns": ("x,meeting\n", ""),
    "too many columns": ("x,meeting,2025-03-03T09:00,FIN,chair,hva,er,dette\nx,meeting,2025-03-03T09:00,KD,participant,a,b,c\n",
                         ""),
    "rows that disagree": ("x,meeting,2025-03-03T09:00,FIN,chair\nx,meeting,2025-04-03T09:00,KD,participant\n", "time"),
}


@pytest.mark.parametrize("what", sorted(BAD_ROWS))
def test_bad_rows_are_named_and_their_neighbours_kept(submit, what):
    rows, field = BAD_ROWS[what]
    mark = what.replace(" ", "-")
    done = submit(HEADER + fresh(GOOD, mark) + rows.replace("x,", f"x-{mark},") + fresh(MORE, mark))
    assert done.returncode == 3, done.words
    assert done.added == 2, done.words
    assert done.rejections, "no file of rejected records"
    line = done.rejections.splitlines()[1]
    assert line.split(",")[0].strip('"') in ("4", "5") or ",4," in line or ",5," in line, done.rejections
    assert field in line, done.rejections


def test_end_before_start(submit):
    header = "interaction,type,time,end,actor\n"
    rows = "e-1,meeting,2025-03-03T09:00,2025-03-03T08:00,FIN\ne-1,meeting,2025-03-03T09:00,2025-03-03T08:00,KD\n"
    done = submit(header + rows)
    assert (done.returncode, done.added) == (3, 0) and "end" in done.rejections


def test_graded_rows_are_counted_and_written_nowhere(daemon, submit):
    header = "interaction,type,time,actor,classification\n"
    rows = ("g-1,meeting,2025-03-03T09:00,Hemmelig kontor,konfidensielt\ng-1,meeting,2025-03-03T09:00,KD,konfidensielt\n"
            "g-2,meeting,2025-03-03T09:00,FIN,open\ng-2,meeting,2025-03-03T09:00,KD,open\n")
    done = submit(header + rows)
    assert (done.returncode, done.added) == (3, 1), done.words
    assert "Hemmelig kontor" not in done.words + done.rejections
    assert daemon.value("SELECT count(*) FROM register.label WHERE text LIKE 'Hemmelig%'") == 0


@pytest.mark.parametrize("form", ["bom", "crlf", "quoted", "semicolon", "tab", "no final newline", "gzip", "zstd",
                                  "blank lines"])
def test_forms_that_are_fine(submit, form):
    mark = form.replace(" ", "-")
    text = HEADER + fresh(GOOD + MORE, mark)
    name = "fil.csv"
    if form == "bom":
        text = "\ufeff" + text
    elif form == "crlf":
        text = text.replace("\n", "\r\n")
    elif form == "quoted":
        text = "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()) + "\n"
    elif form == "semicolon":
        text = text.replace(",", ";")
    elif form == "tab":
        text = text.replace(",", "\t")
    elif form == "no final newline":
        text = text.rstrip("\n")
    elif form == "blank lines":
        text = text.replace("\n", "\n\n")
    content = text.encode()
    if form == "gzip":
        content, name = gzip.compress(content), "fil.csv.gz"
    elif form == "zstd":
        tool = subprocess.run(["zstd", "-q", "-c"], input=content, capture_output=True)
        if tool.returncode:
            pytest.skip("the zstd program is not installed")
        content, name = tool.stdout, "fil.csv.zst"
    done = submit(content, name=name)
    assert (done.returncode, done.added) == (0, 2), done.words


def test_quoted_names_with_commas_quotes_and_newlines(daemon, submit):
    header = "interaction,type,time,actor\n"
    rows = ('q-1,meeting,2025-03-03T09:00,"Barne-, ungdoms- og familiedirektoratet"\n'
            'q-1,meeting,2025-03-03T09:00,"Utvalget ""Ut i jobb"""\n')
    done = submit(header + rows)
    assert (done.returncode, done.added) == (0, 1), done.words
    assert daemon.value("SELECT count(*) FROM register.label WHERE text = %s", ('Utvalget "Ut i jobb"',)) == 1


def test_latin_1_is_refused_with_its_line_and_a_way_out(daemon, submit):
    header = "interaction,type,time,actor\n"
    rows = header + "l-1,meeting,2025-03-03T09:00,Næringsdepartementet i Møre\nl-1,meeting,2025-03-03T09:00,KD\n"
    done = submit(rows.encode("latin-1"))
    assert done.returncode in (3, 7) and done.added == 0, done.words
    assert "UTF-8" in done.words + done.rejections
    done = submit(rows.encode("latin-1"), "--encoding", "latin1")
    assert (done.returncode, done.added) == (0, 1), done.words
    assert daemon.value("SELECT count(*) FROM register.label WHERE text = 'Næringsdepartementet i Møre'") == 1


def test_nul_in_a_file(submit):
    done = submit(HEADER + "n-1,meeting,2025-03-03T09:00,F\0IN,chair\nn-1,meeting,2025-03-03T09:00,KD,participant\n" +
                  fresh(MORE, "nul"))
    assert done.returncode == 3 and done.added == 1, done.words


@pytest.mark.parametrize("content, words", [
    ("", "empty"),
    ("\n\n", "empty"),
    ("navn,dato\nFIN,2025-01-01\n", "actor"),
    ("interaction,type,time,actor,actor\n", "twice"),
    (b"\x1f\x8b\x08\x00broken", "fil.csv"),
])
def test_files_that_cannot_be_read(submit, content, words):
    done = submit(content)
    assert done.returncode == 7, done.words
    assert words in done.words.lower() or words in done.words, done.words
    assert "fil.csv" in done.words
    assert done.added == 0


def test_a_header_and_nothing_else(submit):
    done = submit(HEADER)
    assert done.returncode in (0, 7) and done.added == 0, done.words


def test_a_file_that_is_not_there(daemon):
    done = daemon.client(SUBMITTER, "submit", "/finnes/ikke.csv")
    assert done.returncode == 7 and "/finnes/ikke.csv" in done.stderr and "No such file" in done.stderr


def test_a_broken_gzip_keeps_what_came_before(submit):
    text = HEADER + "".join(f"z-{n},meeting,2025-03-03T09:00,FIN,chair\nz-{n},meeting,2025-03-03T09:00,KD,participant\n"
                            for n in range(3000))
    done = submit(gzip.compress(text.encode())[:-2000], name="fil.csv.gz")
    assert done.returncode == 7, done.words
    assert "fil.csv.gz" in done.words


def test_json_lines(daemon, submit):
    lines = ('{"type":"meeting","time":"2025-03-03T09:00","participants":'
             '[{"actor":"FIN","role":"chair"},{"actor":"KD","role":"participant"}],'
             '"source":"json","source_id":"1"}\n'
             '{"type":"meeting","time":"2025-03-03T09:00","participants":[{"actor":"FIN"}],"source":"json","source_id":"2"}\n'
             '{"type":"meeting","tiem":"2025-03-03T09:00"}\n'
             'dette er ikke json\n'
             '{"type":"letter","time":"2025-03-05","participants":'
             '[{"actor":"FIN","role":"sender"},{"actor":"KD","role":"addressee"}],'
             '"source":"json","source_id":"3"}\n')
    done = submit(lines, name="fil.jsonl")
    assert (done.returncode, done.added) == (3, 2), done.words
    for line, word in (("2", "participants"), ("3", "tiem"), ("4", "")):
        assert any(line in rejected and word in rejected for rejected in done.rejections.splitlines()), done.rejections
    assert submit(lines, name="fil.jsonl").added == 0


def test_edges_with_and_without_type_and_weight(daemon, submit):
    text = ("source,target,time,type,weight\nFIN,KD,2025-03-03T10:00,letter,2\nKD,HOD,2025-03-03T11:00,,\n"
            "FIN,FIN,2025-03-03,letter,1\n")
    done = submit(text, "--type", "letter")
    assert done.added == 3 and done.returncode == 0, done.words
    assert daemon.value("SELECT count(*) FROM report.interaction WHERE weight = 2") == 1


def test_identical_rows_without_identifiers_are_counted_apart(submit):
    text = "source,target,time\n" + "FIN,KD,2025-06-03T10:00\n" * 5
    assert submit(text, "--type", "letter").added == 5
    assert submit(text, "--type", "letter").added == 0


def test_dry_run_sends_nothing(submit):
    done = submit(HEADER + fresh(GOOD, "dry"), "--dry-run")
    assert done.returncode == 0 and done.added == 0, done.words


def test_several_files_and_standard_input(daemon, tmp_path):
    for n in (1, 2):
        (tmp_path / f"{n}.csv").write_text(HEADER + fresh(GOOD, f"multi-{n}"))
    before = daemon.stored()
    daemon.client(SUBMITTER, "submit", tmp_path / "1.csv", tmp_path / "2.csv", check=True)
    daemon.client(SUBMITTER, "submit", "-", stdin=(HEADER + fresh(GOOD, "multi-3")).encode(), check=True)
    assert daemon.stored() == before + 3


def test_a_read_only_directory_for_rejected_records(daemon, tmp_path):
    import os
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    path = tmp_path / "fil.csv"
    path.write_text(HEADER + GOOD + "x,meeting,2025-02-30,FIN,chair\n")
    tmp_path.chmod(0o555)
    try:
        done = daemon.client(SUBMITTER, "submit", path)
        assert done.returncode in (3, 7) and "line 4" in done.stdout + done.stderr
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.parametrize("content, code, words", [
    ("key,kind,name_nb,orgnr\n123456789,agency,Feil nummer,123456789\n", 3, "orgnr"),
    ("key,kind,name_nb\nx1,finnesikke,Noen\n", 3, "kind"),
    ("key,kind,name_nb,valid_from,valid_to\nx2,agency,Baklengs,2025-01-01,2024-01-01\n", 3, "valid"),
    ("key,kind,name_nb,parent\nx3,agency,Foreldreløs,999\n", 3, "parent"),
    ("kind,name_en\nagency,\n", 3, "name_nb"),
    ("kind,name_nb\nagency,\n", 3, "name"),
    ("", 7, "empty"),
])
def test_bad_registers(daemon, tmp_path, content, code, words):
    path = tmp_path / "aktører.csv"
    path.write_text(content, encoding="utf-8")
    done = daemon.client(OPERATOR, "actors", "import", path)
    assert done.returncode == code, done.stdout + done.stderr
    assert words in (done.stdout + done.stderr).lower()
