"""What the documents show is what the product does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click import Context

from command_line import run
from docs_demo import ROOT, block, demo_output

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_output_in_the_readme_is_real(tmp_path: Path) -> None:
    assert block(README) == demo_output(tmp_path)


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted(ROOT.glob("docs/**/*.md"))],
    ids=lambda page: page.name,
)  # fmt: skip
def test_every_command_that_is_named_exists(page: Path) -> None:
    import typer.main

    from fupin_audit.cli import app

    text = page.read_text(encoding="utf-8")
    for line in re.findall(
        r"fupin-audit ([a-z][^\n`|#<，。；：）]*?)(?= -->|[\n`|#<，。；：）])", text
    ):
        command = typer.main.get_command(app)
        words = shlex.split(line)
        while words and hasattr(command, "get_command"):
            command = command.get_command(Context(command), words.pop(0))
            assert command is not None, line
        options = {o for p in command.params for o in p.opts}
        assert {w for w in words if w.startswith("--")} <= options | {"--help"}, line


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")))
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} → {target}"


def test_the_rule_in_the_guide_for_auditors_works(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "zh" / "auditor.md").read_text(encoding="utf-8")
    rule, retired = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    pack = tmp_path / "local"
    made = run("rules", "new", "IC301", "wage-without-worker", "--pack", pack)
    assert made.code == 0, made.err
    (pack / "checks" / "ic" / "IC301-wage-without-worker.yaml").write_text(rule, encoding="utf-8")
    (pack / "retired.yaml").write_text(retired, encoding="utf-8")
    for command in (("test", "IC301"), ("lint",)):
        done = run("rules", *command, "--pack", pack)
        assert done.code == 0, done.out + done.err
