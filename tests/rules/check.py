#!/usr/bin/python3
"""The rules of the tree that a machine can check: who may include whom, one door per library,
functions that nobody calls, form, and what the top level holds.

usage: check.py [ROOT]     one line for each violation; exit 1 if there is one
"""
import os
import pathlib
import re
import sys

TOP = {"services", "shared", "gateway", "docker", "tests", "docker-compose.yml", "Makefile",
       "README.md"}
UNTRACKED = {"build", "run", "compile_commands.json", "__pycache__"}

# What each room may include besides its own headers and the C library.
SHARED = {"base", "schema", "ledger", "bus", "proof", "facts", "service"}
KNOWS = {"base": set(), "schema": {"base"}, "ledger": {"base", "schema"},
         "bus": {"base", "schema"}, "proof": {"base", "schema"}, "facts": {"base", "schema"},
         "service": SHARED}

# Where a library's headers may be included. One that is not here has no door yet.
DOORS = {
    r"zmq(_utils)?\.h": {"shared/bus", "gateway"},  # the stream for departments, and its reader
    r"hiredis/.*|hiredis\.h": {"shared/ledger"},
    r"msgpack(/.*|\.h)": {"shared/schema"},
    r"jansson\.h": {"shared/schema"},
    r"utf8proc\.h": {"shared/schema", "services"},  # services fold what they search
    r"microhttpd\.h": {"gateway"},
    r"curl/.*": {"gateway", "services/signatures"},  # the misaq command, and who asks witnesses
    r"openssl/.*": {"gateway"},  # keys of an identity provider
    r"sodium(/.*|\.h)": {"shared/schema", "shared/ledger", "shared/proof", "shared/service",
                         "services", "gateway"},
    r"ut(hash|list|array|string)\.h": {"shared", "services", "gateway"},
}
LIBC = re.compile(
    r"(sys|netinet|arpa|net|linux)/\w+\.h|"
    r"(assert|complex|ctype|dirent|dlfcn|endian|err|errno|fcntl|features|fenv|float|fnmatch|ftw|"
    r"getopt|glob|grp|inttypes|iso646|langinfo|libgen|limits|locale|malloc|math|netdb|poll|"
    r"pthread|pwd|regex|sched|search|semaphore|setjmp|signal|spawn|stdalign|stdarg|stdatomic|"
    r"stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|syslog|termios|tgmath|time|"
    r"uchar|unistd|wchar|wctype|wordexp|x86intrin|immintrin)\.h")

BANNED = {
    "strcpy": "no bound", "strcat": "no bound", "sprintf": "no bound", "vsprintf": "no bound",
    "gets": "no bound", "strtok": "hidden state", "atoi": "hides errors", "atol": "hides errors",
    "system": "runs a shell", "popen": "runs a shell", "alloca": "no bound",
}
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")

CODE = {".c", ".h", ".def", ".lua", ".py", ".sh", ".js", ".css", ".html"}
TEXT = CODE | {".md", ".yml", ".conf", ".acl"}
TABLES = {".def"}  # one row is one line, however long
LINE_MOST, FILE_MOST = 100, 400


def files(root):
    """Paths of the tree relative to root, without what git ignores."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in UNTRACKED and f != ".git")
        for name in sorted(names):
            if name not in UNTRACKED:
                yield (pathlib.Path(folder) / name).relative_to(root)


def room_of(path):
    """shared/base, services/targets, gateway or None for what is no product code."""
    parts = path.parts
    if parts[0] in ("shared", "services") and len(parts) > 2:
        return "/".join(parts[:2])
    return "gateway" if parts[0] == "gateway" else None


def plain_code(text):
    """C with comments, strings and characters blanked; lines stay where they are."""
    def blank(found):
        return re.sub(r"[^\n]", " ", found.group()) or " "
    return re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", blank, text,
                  flags=re.S)


def includes(text):
    """(line, how, what) of every #include; how is < or a quote."""
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r"\s*#\s*include\s*([<\"])([^>\"]+)[>\"]", line)
        if found:
            yield number, found[1], found[2]


def include_wrong(root, path, room, how, what):
    """Why `path` of `room` may not include `what`, or ''."""
    if how == "<":
        for pattern, rooms in DOORS.items():
            if re.fullmatch(pattern, what):
                open_to = {room, room.split("/")[0]} & rooms
                return "" if open_to else f"<{what}> belongs to {', '.join(sorted(rooms))}"
        return "" if LIBC.fullmatch(what) else f"<{what}> has no door: name its room in DOORS"
    first = what.split("/")[0]
    if ".." in what.split("/"):
        return f'"{what}" climbs out of its folder'
    if first in SHARED and "/" in what and (root / "shared" / first).is_dir():
        own = room == f"shared/{first}"
        allowed = KNOWS.get(room.removeprefix("shared/"), SHARED)
        return "" if own or first in allowed else f'{room} may not include "{what}"'
    within = [root / room, root / path.parent] + [root / "gateway/cli"] * (room == "gateway")
    if any((folder / what).is_file() for folder in within):
        return ""
    return f'"{what}" is neither {room}\'s own nor a room of shared/'


def check_c(root, path, text):
    room = room_of(path)
    for number, how, what in includes(text) if room else ():
        wrong = include_wrong(root, path, room, how, what)
        if wrong:
            yield number, wrong
    for number, line in enumerate(plain_code(text).splitlines(), 1):
        for name in re.findall(r"(?<![\w.>])([a-z]+)\s*\(", line):
            if name in BANNED:
                yield number, f"{name}(): {BANNED[name]}"


def check_form(path, text, code):
    """code: whether it is written rather than data, and so has a width and a size."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield number, "unfinished by its own words"
        if "\t" in line:
            yield number, "a tab"
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if len(line) > LINE_MOST and code and path.suffix not in TABLES:
            yield number, f"{len(line)} characters, {LINE_MOST} at most"
    if text and not text.endswith("\n"):
        yield len(lines), "no newline at the end"
    if len(lines) > FILE_MOST and code:
        yield len(lines), f"{len(lines)} lines, {FILE_MOST} at most: split by noun"


def check_layout(root, paths):
    for name in sorted({path.parts[0] for path in paths}):
        if name not in TOP and not name.startswith("."):
            yield name, "is not of the given top level"
    rooms = {"/".join(p.parts[:2]) for p in paths
             if p.parts[0] in ("shared", "services") and len(p.parts) > 2}
    rooms |= {p.parts[0] for p in paths if p.parts[0] in ("gateway", "docker", "tests")}
    for room in sorted(rooms):
        if not (root / room / "README.md").is_file():
            yield room, "has no README.md"


def check(root):
    """Every violation as "path:line: why"."""
    paths = list(files(root))
    for where, wrong in check_layout(root, paths):
        yield f"{where}: {wrong}"
    for path in paths:
        script = path.suffix == "" and (root / path).read_bytes()[:2] == b"#!"
        if path.suffix not in TEXT and not script:
            continue
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield f"{path}: is not UTF-8"
            continue
        for number, wrong in check_form(path, text, script or path.suffix in CODE):
            yield f"{path}:{number}: {wrong}"
        if path.suffix in (".c", ".h", ".def"):
            for number, wrong in check_c(root, path, text):
                yield f"{path}:{number}: {wrong}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__ + "/../../..").resolve()
    wrongs = list(check(root))
    print("\n".join(wrongs + [f"{len(wrongs)} violations"]))
    sys.exit(1 if wrongs else 0)


if __name__ == "__main__":
    main()
