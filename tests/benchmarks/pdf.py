"""Measures how many PDFs a warm printing process makes: `taskset -c 1 .venv/bin/python -m tests.benchmarks.pdf`.

Each document is another one, so nothing but the template and the fonts is remembered from one to the next.
"""

from __future__ import annotations

import json
import sys
import time

import msgspec
import psutil

from infra.reads.objects.pdf.content import Issuer, content_of
from infra.reads.objects.pdf.printer import Printer
from tests.support.gst_samples import SAMPLES

RUNS = ((1, 300), (3, 300), (20, 100), (200, 20))
"""The lines of a document, and how many documents."""
ISSUER = Issuer(name="Asha Traders", upi_id="asha@okbank", bank="HDFC Bank 50200012345678")


def document(lines: int, number: int) -> bytes:
    """Return the content of a tax invoice like no other."""
    sample = json.loads(SAMPLES["intra-state"])
    items = [{**sample["items"][each % 3], "description": f"Goods {each} of {number}"} for each in range(lines)]
    changed = {**sample, "items": items, "invoiceNumber": f"INV-{number}", "notes": f"Note {lines} {number}"}
    return msgspec.json.encode(content_of("invoice", json.dumps(changed).encode(), ISSUER))


def main() -> None:
    printer = Printer()
    started = time.perf_counter()
    printer.make("org_1", document(1, 0))
    sys.stdout.write(f"the first one, with the start of the process: {1000 * (time.perf_counter() - started):.0f} ms\n")
    for lines, count in RUNS:
        contents = [document(lines, number) for number in range(1, count + 21)]
        for content in contents[:20]:
            printer.make("org_1", content)
        assert printer._running is not None
        process = psutil.Process(printer._running.pid)
        before, began = process.cpu_times(), time.perf_counter()
        sizes = [len(printer.make("org_1", content)) for content in contents[20:]]
        took, after = time.perf_counter() - began, process.cpu_times()
        processor = 1000 * (after.user + after.system - before.user - before.system) / count
        sys.stdout.write(
            f"{lines} lines: {count / took:.1f}/s, {processor:.1f} ms of processor time each, "
            f"{sum(sizes) // count} bytes, {process.memory_info().rss >> 20} MiB\n"
        )
    printer.stop()


if __name__ == "__main__":
    main()
