"""What the documents show is what the product does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from command_line import run
from docs_demo import ROOT, block, demo_output

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_output_in_the_readme_is_real(tmp_path: Path) -> None:
    assert block(README) == demo_output(tmp_path)


def test_every_command_named_in_the_readme_exists() -> None:
    import typer.main

    from fupin_audit.cli import app

    group = typer.main.get_command(app)
    for line in re.findall(r"fupin-audit ([a-z][^\n`|#<>]*?)(?= -->|[\n`|#<])", README):
        words = shlex.split(line)
        command = group.commands[words[0]]  # type: ignore[attr-defined]
        if words[0] == "rules":
            command = command.commands[words[1]]
        options = {o for p in command.params for o in p.opts}
        assert {w for w in words if w.startswith("--")} <= options, line


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/*.md")))
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
