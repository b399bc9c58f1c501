#!/usr/bin/python3
"""Every rule can fail: a clean tree has no violation, and each planted one is named, alone."""
import pathlib
import tempfile
import unittest

import check

CLEAN = {
    "Makefile": "all:\n\ttrue\n",
    "README.md": "# It\n",
    ".clang-format": "x\n",
    "build/anything.c": "strcpy(a, b);\n",
    "docker/README.md": "x\n",
    "tests/README.md": "x\n",
    "gateway/README.md": "x\n",
    "gateway/main.c": '#include "http.h"\n#include "service/service.h"\n#include <microhttpd.h>\n',
    "gateway/http.h": '#include "base/err.h"\n',
    "gateway/cli/main.c": '#include "words.h"\n#include "http.h"\n',
    "gateway/cli/words.h": "int x;\n",
    "services/targets/README.md": "x\n",
    "services/targets/model.h": "int x;\n",
    "services/targets/main.c": '#include "model.h"\n#include "ledger/ledger.h"\n'
                               "#include <sys/socket.h>\n/* strcpy(is) in a comment, */\n"
                               'const char *s = "sprintf(\\"in a string\\")";\n'
                               "int system_up(void); int x = my.atoi(3);\n",
    "services/offices/README.md": "x\n",
    "services/offices/offices.h": "int x;\n",
    "shared/base/README.md": "x\n",
    "shared/base/err.h": "#include <stddef.h>\n",
    "shared/base/err.def": "ROW(" + "a" * 200 + ")\n",
    "shared/ledger/README.md": "x\n",
    "shared/ledger/ledger.h": '#include "base/err.h"\n#include <hiredis/hiredis.h>\n',
    "shared/service/README.md": "x\n",
    "shared/service/service.h": '#include "ledger/ledger.h"\n',
    "tests/support/redis.c": "#include <hiredis/hiredis.h>\n",
}

# (file, what it says, what the rule must say about it)
PLANTED = [
    ("shared/base/bad.c", '#include "ledger/ledger.h"\n', "shared/base may not include"),
    ("shared/ledger/bad.c", '#include "service/service.h"\n', "shared/ledger may not include"),
    ("shared/base/bad.c", "#include <zmq.h>\n", "<zmq.h> belongs to gateway, shared/bus"),
    ("shared/base/bad.c", "#include <sodium.h>\n", "<sodium.h> belongs to"),
    ("shared/base/bad.c", "#include <lua.h>\n", "has no door"),
    ("services/targets/bad.c", "#include <hiredis/hiredis.h>\n", "belongs to shared/ledger"),
    ("services/targets/bad.c", "#include <jansson.h>\n", "belongs to shared/schema"),
    ("services/targets/bad.c", "#include <msgpack.h>\n", "belongs to shared/schema"),
    ("services/targets/bad.c", '#include "offices.h"\n', "neither services/targets's own"),
    ("services/targets/bad.c", '#include "../offices/offices.h"\n', "climbs out"),
    ("services/targets/bad.c", '#include "http.h"\n', "neither services/targets's own"),
    ("services/targets/bad.c", "#include <microhttpd.h>\n", "belongs to gateway"),
    ("gateway/bad.c", '#include "model.h"\n', "neither gateway's own"),
    ("tests/bad.h", "// TO" "DO: more\n", "unfinished"),
    ("tests/bad.py", "# FIX" "ME\n", "unfinished"),
    ("tests/bad.c", "\tint x;\n", "a tab"),
    ("tests/bad.c", "int x; \n", "blanks at the end"),
    ("tests/bad.c", "int x;", "no newline"),
    ("tests/bad.c", "int " + "x" * 97 + "\n", "101 characters"),
    ("tests/bad.c", "int x;\n" * 401, "401 lines"),
    ("tests/bad", "#!/bin/bash\n# TO" "DO\n", "unfinished"),
    ("tests/bad", "#!/bin/bash\n# " + "x" * 99 + "\n", "101 characters"),
    ("docs/index.md", "x\n", "docs: is not of the given top level"),
    ("notes.md", "x\n", "notes.md: is not of the given top level"),
    ("services/signatures/main.c", "int x;\n", "services/signatures: has no README.md"),
] + [("services/targets/bad.c", f"int x = {name}(y);\n", f"{name}():") for name in check.BANNED]


def violations(planted):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in {**CLEAN, **planted}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return list(check.check(root))


class Rules(unittest.TestCase):
    def test_clean_tree_passes(self):
        self.assertEqual(violations({}), [])

    def test_each_violation_is_named_alone(self):
        for name, text, words in PLANTED:
            with self.subTest(rule=words):
                found = violations({name: text})
                self.assertEqual(len(found), 1, found)
                self.assertIn(words, found[0])
                self.assertTrue(found[0].startswith(name.split("/")[0]), found)

    def test_bytes_that_are_no_utf8_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "README.md").write_bytes(b"\xff\n")
            self.assertEqual(list(check.check(pathlib.Path(folder))), ["README.md: is not UTF-8"])


if __name__ == "__main__":
    unittest.main()
