"""Commands that hold a policy against what was reviewed: gate, tune; and that carry the reviews elsewhere: export, import."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from bot.commands.common import AS_JSON, ENV_FILE, deployment_of, run

if TYPE_CHECKING:
    from bot.deployment import Deployment
    from bot.evals.asking import Trial
    from bot.evals.labelled import Labelled
    from router.policy import Policy

LABELS = click.option(
    "--labels", type=click.File(encoding="utf-8"), help="What `eval export` wrote, instead of this deployment's own reviews: for CI."
)
FORMATS = ("jsonl", "promptfoo", "openai")


@click.command()
@ENV_FILE
@AS_JSON
@LABELS
@click.option("--policy", "proposed", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The proposed policy.")
@click.option("--golden", type=click.File(encoding="utf-8"), help="Golden questions, beside those that were imported.")
@click.option(
    "--ask", type=click.IntRange(0, 10_000), default=0, help="Ask models so many questions a tier that nobody graded: this costs."
)
def gate(*, env_file: Path | None, proposed: Path, golden: TextIO | None, labels: TextIO | None, ask: int, as_json: bool) -> int:
    """Compare a proposed policy with the one in force on the labelled set, by default without a model; exit 1 unless it is as good."""
    from bot.evals.gate import Decision, judge_policy
    from bot.evals.render_gate import gate_json, render_gate
    from bot.memory import make_embedder
    from bot.processes import log_to_stderr
    from router.policy import load_policy

    log_to_stderr(quiet=True)  # before LiteLLM's import
    new = load_policy(proposed)
    deployment = deployment_of(env_file)
    labelled, similarity = _labelled(deployment, labels, golden), make_embedder(deployment.policy).threshold
    trials: tuple[Trial, ...] = ()
    if ask:
        labelled, trials = _tried(deployment, new, labelled, similarity, ask)
    verdict = judge_policy(labelled, deployment.policy, new, similarity, trials)
    click.echo(gate_json(verdict) if as_json else render_gate(verdict))
    return 0 if verdict.decision is Decision.PASS else 1


@click.command()
@ENV_FILE
@AS_JSON
@LABELS
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the policy diff into this file.")
def tune(*, env_file: Path | None, labels: TextIO | None, out: Path | None, as_json: bool) -> int:
    """Propose a threshold where the evidence supports one, as a diff of the policy; the policy itself is never written."""
    from bot.evals.render_gate import render_tuning, tuning_json
    from bot.evals.tune import tune as tune_policy
    from bot.memory import make_embedder

    deployment = deployment_of(env_file)
    path = deployment.settings.policy
    labelled = _labelled(deployment, labels, None)
    found = tune_policy(labelled, path.read_text(encoding="utf-8"), path.name, make_embedder(deployment.policy).threshold)
    if out and found.diff:
        out.write_text(found.diff, encoding="utf-8")
    click.echo(tuning_json(found) if as_json else render_tuning(found))
    return 0


@click.command()
@ENV_FILE
@click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl", help="Lines of our own, promptfoo's tests, OpenAI's evals.")
@click.argument("out", type=click.File("w", encoding="utf-8"), default="-")
def export(*, env_file: Path | None, form: str, out: TextIO) -> int:
    """Write what was graded as JSON lines: questions, answers, verdicts and where they come from; never who asked."""
    from bot.deployment import open_store
    from bot.evals.exchange import as_lines, as_openai, as_promptfoo
    from bot.evals.types import Grade
    from bot.store.grades import read_grades

    deployment = deployment_of(env_file)

    async def read() -> tuple[Grade, ...]:
        async with open_store(deployment.settings) as store:
            return await read_grades(store.database)

    write = {"jsonl": as_lines, "promptfoo": as_promptfoo, "openai": as_openai}[form]
    count = 0
    for line in write(run(read)):
        out.write(line + "\n")
        count += 1
    click.echo(f"{count} written.", err=True)
    return 0


@click.command("import")
@ENV_FILE
@AS_JSON
@click.argument("questions", type=click.File(encoding="utf-8"))
def import_golden(*, env_file: Path | None, questions: TextIO, as_json: bool) -> int:
    """Keep golden questions from JSON lines; every line that cannot be used is reported, and exit 1 says that there was one."""
    import json

    from rich.console import Console

    from bot.deployment import open_store
    from bot.evals.exchange import read_golden
    from bot.evals.types import Golden
    from bot.store.golden import BATCH

    deployment = deployment_of(env_file)
    with Console(stderr=True).status("Reading…") as status:
        found = read_golden(questions, lambda done: status.update(f"{done:,} lines read…"))

        async def keep(golden: tuple[Golden, ...]) -> None:
            async with open_store(deployment.settings) as store:
                for first in range(0, len(golden), BATCH):
                    await store.golden.put(golden[first : first + BATCH])
                    status.update(f"{min(first + BATCH, len(golden)):,} of {len(golden):,} kept…")

        run(lambda: keep(found.questions))
    if as_json:
        errors = [{"line": error.line, "problem": str(error)} for error in found.errors]
        click.echo(json.dumps({"imported": len(found.questions), "errors": errors}, indent=2))
    else:
        click.echo("\n".join((f"{len(found.questions):,} golden questions imported.", *(str(error) for error in found.errors))))
    return 1 if found.errors else 0


def _tried(
    deployment: "Deployment", new: "Policy", labelled: "Labelled", similarity: float, limit: int
) -> "tuple[Labelled, tuple[Trial, ...]]":
    """Ask models what nobody graded."""
    from rich.console import Console

    from bot.app.evals import eval_models
    from bot.evals.asking import Plan, try_out
    from bot.evals.gate import changed_tiers

    before, after = (labelled.tiers(policy, similarity, by_channel=True) for policy in (deployment.policy, new))
    plan = Plan(before, after, changed_tiers(deployment.policy, new), limit)
    with Console(stderr=True).status("Asking…") as status:

        async def work() -> "tuple[Labelled, tuple[Trial, ...]]":
            async with eval_models(deployment, new) as models:
                return await try_out(labelled, plan, models, lambda done: status.update(f"{done:,} questions asked…"))

        return run(work)


def _labelled(deployment: "Deployment", labels: TextIO | None, golden: Iterable[str] | None) -> "Labelled":
    """Read the labelled set: from the store or an export, with golden questions from the store and a file. Raises LineError."""
    from bot.deployment import open_store, utc_now
    from bot.evals.exchange import read_exported, read_golden
    from bot.evals.labelled import Evidence, label, read_evidence
    from bot.memory import make_embedder

    given = read_golden(golden or (), lambda _: None)
    if given.errors:
        raise given.errors[0]
    exported = Evidence(read_exported(labels)) if labels else None

    async def read() -> "Labelled":
        kept = given.questions
        evidence = exported
        if evidence is None:
            async with open_store(deployment.settings) as store:
                evidence = await read_evidence(store.database, utc_now())
                kept = (*(one for one in await store.golden.all() if one.id not in {each.id for each in given.questions}), *kept)
        return await label(evidence, deployment.policy, kept, make_embedder(deployment.policy))

    return run(read)
