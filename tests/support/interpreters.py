"""Runs programs in Python, JavaScript and PHP in a process that stays: starting one takes longer than most programs."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

_END = "=== end of a program ==="
_DRIVERS = {
    "python": """
import json, os, runpy, sys
for line in sys.stdin:
    order = json.loads(line)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["folder"])
    runpy.run_path(order["file"], run_name="__main__")
    print({end}, flush=True)
""",
    "javascript": """
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { env, folder, file } = JSON.parse(line);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(folder);
  await import(`${pathToFileURL(file)}?${count += 1}`);
  if (process.exitCode) process.exit();
  console.log({end});
}
""",
    "php": """<?php
while (($line = fgets(STDIN)) !== false) {
    $order = json_decode($line, true);
    foreach (array_diff_key(getenv(), $order['env']) as $name => $_) putenv($name);
    foreach ($order['env'] as $name => $value) putenv("$name=$value");
    chdir($order['folder']);
    (static function () use ($order) { include $order['file']; })();
    echo PHP_EOL, {end}, PHP_EOL;
}
""",
}
_COMMANDS = {"python": [sys.executable, "-I"], "javascript": ["node"], "php": ["php"]}
INTERPRETED = frozenset(_COMMANDS)
"""The languages of programs that need no compiler."""
_SECONDS = 60


class Interpreter:
    """Runs programs in one language, each in its own folder and environment, until `close`.

    The process keeps what programs load, such as modules, but not their variables. A program that fails ends the
    process. The test is skipped if the language is missing here.
    """

    def __init__(self, language: str) -> None:
        command = _COMMANDS[language]
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed here")
        self._folder = tempfile.TemporaryDirectory()
        driver = Path(self._folder.name) / ("driver.mjs" if language == "javascript" else "driver")
        driver.write_text(_DRIVERS[language].replace("{end}", repr(_END)), encoding="utf-8")
        self._errors = driver.with_name("errors").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [*command, driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors
        )

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def run(self, file: Path, env: Mapping[str, str]) -> str:
        """Run the program in the folder of its file; return what it has printed. A failure of it fails the test."""
        order = json.dumps({"file": str(file), "folder": str(file.parent), "env": dict(env)})
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n".encode())
        self._process.stdin.flush()
        return self._read_until_end(file)

    def close(self) -> None:
        """End the process, also if a program still runs."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()
        self._folder.cleanup()

    def _read_until_end(self, file: Path) -> str:
        assert self._process.stdout is not None
        printed, end = b"", f"{_END}\n".encode()
        while not printed.endswith(end):
            is_ready = select.select([self._process.stdout], [], [], _SECONDS)[0]
            assert is_ready, f"it runs for {_SECONDS} seconds:\n{file.read_text(encoding='utf-8')}"
            more = os.read(self._process.stdout.fileno(), 65536)
            assert more, f"{printed.decode()}\n{Path(self._errors.name).read_text(encoding='utf-8')}"
            printed += more
        return printed.removesuffix(end).decode()


class Interpreters:
    """One process for each language, which starts with the first program, and anew after one that has failed."""

    def __init__(self) -> None:
        self._running: dict[str, Interpreter] = {}

    def run(self, language: str, file: Path, env: Mapping[str, str]) -> str:
        """Run a program, as Interpreter does."""
        if language not in self._running or self._running[language].has_ended():
            self._running[language] = Interpreter(language)
        return self._running[language].run(file, env)

    def close(self) -> None:
        for each in self._running.values():
            each.close()
