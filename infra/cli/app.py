"""The commands of `stadtbuch`."""

from __future__ import annotations

import importlib
import json
import signal
import sys
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from domain.families import FAMILIES
from domain.rights import Role
from infra import settings
from infra import verify as checking
from infra.cli import (
    contents,
    documents,
    examining,
    explaining,
    exporting,
    importing,
    own,
    projecting,
    proving,
    querying,
    rebuilding,
    reporting,
    reports,
    screen,
    ticking,
)
from infra.cli import demo as demonstration
from infra.cli import serve as serving
from infra.cli.console import DONE, FINDING, USAGE, Json, WrongUsage, answer, as_error, expected, leave, say
from infra.cli.tokens import development_token
from infra.codec import Codec
from infra.exports import Kind as ExportKind
from infra.installation import Installation, installation
from infra.keys import KeyEncryptionKey, KeyUnavailable

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Stadtbuch, the ledger of municipal records. `stadtbuch demo` shows it with a filled city.",
)
app.add_typer(projecting.app, name="projection")
app.add_typer(own.app, name="project")
app.add_typer(documents.app, name="documents")
app.command()(reports.report)


class Part(StrEnum):
    """What `serve` can run alone."""

    API = "api"
    PROJECT = "project"


@app.callback()
def stadtbuch() -> None:
    """Exit codes: 0 done, 1 a finding, 2 wrong usage, 3 unavailable. Settings: `stadtbuch doctor`, docs/settings.md."""


@app.command()
def demo(
    events: Annotated[int, typer.Option(help="How many events the city has, from 5,000.", min=5_000)] = 20_000,
    seed: Annotated[int, typer.Option(help="Another number, another city.")] = 1,
    home: Annotated[Path | None, typer.Option(help="Directory of the demo's data.")] = None,
    serve_: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the city, or stop after filling.")] = True,
    json_: Json = False,
) -> None:
    """Fill a generated city and serve it: the whole of Stadtbuch in one command.

    The city lives in a home of its own, beside a real installation's. Run again, it is not filled twice.

    Example: stadtbuch demo --events 50000 --seed 7
    """
    with expected(as_json=json_):
        configured = settings.load()
        named = home or (configured.home if "home" in configured.model_fields_set else None)
        place_of = (named or demonstration.home_of(configured)).expanduser().absolute()
        configured = demonstration.settled(configured, place_of)
        kept = place_of / "demo.json"
        asked = demonstration.City(events, seed)
        watch = demonstration.Stopwatch(asked)
        say(f"Stadtbuch's generated city, in {place_of}")
        with installation(configured, say) as place:
            watch.phase("PostgreSQL ready")
            city = demonstration.opened(place, kept, asked, own=named is None)
            if city is None:
                prepared(place)
                watch.phase("store initialised")
                demonstration.make(place, lambda: prepared(place), watch, asked)
                asked.keep(kept)
                city = asked

            def ready(address: str | None) -> None:
                if json_:
                    print(json.dumps(demonstration.as_json(city, address), ensure_ascii=False), flush=True)
                else:
                    screen.show(city, address, place_of)

            if serve_:
                shortcuts = {sight.name: sight.path for sight in demonstration.sights(city)}
                serving.run(place, frozenset(["api", "project"]), ready, say, shortcuts)
            else:
                ready(None)


@app.command()
def init(json_: Json = False) -> None:
    """Create the store, or upgrade it: schema, roles, key-encryption key, read models. May be run again.

    Example: STADTBUCH_LOG_NAME=stadt.example/1 stadtbuch init
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        applied = place.init()
        position = prepared(place)
        names = [f"{migration.number:04}_{migration.name}" for migration in applied]
        text = f"Applied {', '.join(names)}." if names else "The store was up to date."
        answer({"applied": names, "position": position}, f"{text} Last position: {position:,}.", as_json=json_)


@app.command()
def serve(
    only: Annotated[Part | None, typer.Option(help="Run one part alone, for several processes or machines.")] = None,
    workers: Annotated[int, typer.Option(help="How many processes answer GraphQL on the port.", min=1, max=64)] = 1,
    listener: Annotated[int | None, typer.Option(hidden=True)] = None,
    json_: Json = False,
) -> None:
    """Answer GraphQL and keep the read models, until Ctrl-C.

    With --workers the API has processes of its own, each of which is started again when it ends.
    Without an OpenID provider (STADTBUCH_OIDC_ISSUER) it listens on a loopback address only.

    Example: STADTBUCH_PORT=8400 stadtbuch serve
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()

        def ready(address: str | None) -> None:
            if json_:
                print(json.dumps({"address": address}), flush=True)
            elif address:
                open_to = f"tokens of {place.settings.oidc_issuer} let people in"
                alone = "this machine only, since no OpenID provider is set"
                say(f"Listening on {address} – {open_to if place.settings.oidc_issuer else alone}. Ctrl-C stops.")
            else:
                say("Keeping the read models. Ctrl-C stops.")

        parts = frozenset([only.value] if only else ["api", "project"])
        serving.run(place, parts, ready, say, processes=workers, inherited=listener)


@app.command()
def token(
    role: Annotated[Role, typer.Option(help="What the token lets its bearer be.")],
    org_unit: Annotated[str | None, typer.Option(help="Unit of a clerk.")] = None,
    subject: Annotated[str, typer.Option(help="Who it is; another subject is another person.")] = "developer",
    hours: Annotated[float, typer.Option(help="How long it is good.", min=0, max=24)] = 8,
    json_: Json = False,
) -> None:
    """Make an access token for development, good for a server on this machine with the same STADTBUCH_HOME.

    Refuses where an OpenID provider is set, outside STADTBUCH_ENV=dev, and where others can reach the server.

    Example: stadtbuch token --role clerk --org-unit 63
    """
    with expected(as_json=json_):
        made = development_token(settings.load(), role, org_unit, subject, hours)
        answer({"token": made}, made, as_json=json_)


@app.command()
def status(json_: Json = False) -> None:
    """How far the ledger and each read model are, how large it is, and how analysts connect.

    Joins a running server, or starts it for the moment.

    Example: stadtbuch status --json
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        report = reporting.report(place)
        answer(report.as_json(), str(report), as_json=json_)


@app.command(name="import")
def import_(
    kind: Annotated[
        importing.Kind,
        typer.Argument(help="xes: case logs (IEEE 1849). oparl: council objects (OParl 1.1). csv: rows, by a mapping."),
    ],
    files: Annotated[list[Path], typer.Argument(help="Files to import, .gz too.", exists=True, dir_okay=False)],
    mapping: Annotated[
        str | None,
        typer.Option(help="csv: what the columns mean, a TOML file or a name (docs/imports/csv.md)."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide every row, record nothing.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="Write each refused row there, one line of JSON each.")] = None,
    json_: Json = False,
) -> None:
    """Import data of other systems. Each row goes through the rules; a second import of the same file records nothing.

    Interrupted, it goes on where it stopped when it is run again. Exit code 1: rows were rejected, or a file could not
    be read to its end.

    Example: stadtbuch import xes receipt.xes.gz --rejects refused.jsonl
    """
    with expected(as_json=json_):
        importer = importing.importer(kind, mapping)
        if rejects is not None and not rejects.absolute().parent.is_dir():
            raise typer.BadParameter(f"there is no directory {rejects.absolute().parent} for --rejects")
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        with place.ledger() as ledger:
            result, code = importing.run(ledger, importer, files, dry_run=dry_run, rejects=rejects)
        if not dry_run:
            prepared(place)
        text = importing.described(result.counts, dry_run=dry_run)
        answer(importing.as_json(result), text, as_json=json_)
    raise typer.Exit(code)


@app.command()
def export(
    kind: Annotated[ExportKind, typer.Argument(help="What it is for; docs/exports.md has what each holds.")],
    destination: Annotated[Path, typer.Argument(help="The directory that is made.")],
    to: Annotated[int | None, typer.Option(help="Up to this position; the last one by default.", min=0)] = None,
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=[ticking.ONE_DAY], help="gdpdu: the first day audited.")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=[ticking.ONE_DAY], help="gdpdu: the last one.")] = None,
    parts: Annotated[int, typer.Option(help="parquet: parts of each table.", min=1, max=256)] = 8,
    clear: Annotated[
        bool, typer.Option("--clear", help="parquet, csv: sealed texts in clear, for an auditor; it is written down.")
    ] = False,
    as_: Annotated[
        typer.FileText | None,
        typer.Option("--as", help="clear: a file with the access token of who asks; - for stdin."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="clear: why; name no person.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export.")] = False,
    json_: Json = False,
) -> None:
    """Take ledger and read models away, as they are at one position. Sealed texts stay behind, without --clear.

    Whole or not at all: interrupted, it leaves nothing. Exit code 1: rows stand still, docs/projections.md, or sealed
    texts may not be taken.

    Example: stadtbuch export gdpdu /srv/audit/2025 --from 2025-01-01 --until 2025-12-31
    """
    with expected(as_json=json_):
        period = exporting.period_of(kind, from_, until)
        asked = exporting.in_clear(None if as_ is None else as_.read(10_000), reason, clear=clear)
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        done = exporting.run(place, kind, destination, to, parts, period, asked, force=force)
        answer(exporting.as_json(done, destination), exporting.described(done, destination), as_json=json_)
    raise typer.Exit(exporting.code(done))


@app.command()
def tick(
    date: Annotated[
        datetime | None, typer.Option(formats=[ticking.ONE_DAY], help="Any day up to today in Berlin, the default.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide everything, record nothing.")] = False,
    found: Annotated[Path | None, typer.Option(help="Write each row found there, one line of JSON each.")] = None,
    json_: Json = False,
) -> None:
    """Record what time has brought about: what has fallen due by a day and nobody has to decide.

    Each fact takes effect on the day it fell due, however late it is found. Run again, it records nothing new. Exit
    code 1: rules stand against something that is due.

    Example: stadtbuch tick --date 2026-03-01
    """
    with expected(as_json=json_):
        day = ticking.day_of(date)
        if found is not None and not found.absolute().parent.is_dir():
            raise typer.BadParameter(f"there is no directory {found.absolute().parent} for --found")
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        tallies, code = ticking.run(place, day, dry_run=dry_run, found=found)
        text = ticking.described(tallies, day, dry_run=dry_run)
        answer(ticking.as_json(tallies, day, dry_run=dry_run), text, as_json=json_)
        if not dry_run:
            prepared(place)
    raise typer.Exit(code)


@app.command()
def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help="Read models; `stadtbuch status` lists them.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every shipped read model.")] = False,
    workers: Annotated[int, typer.Option(help="How many processes fold.", min=1, max=64)] = 1,
    from_zero: Annotated[bool, typer.Option("--from-zero", help="Do not go on with an interrupted rebuild.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Compare, and leave the live rows as they are.")] = False,
    engine: Annotated[
        rebuilding.Engine, typer.Option(help="spark: fold on Apache Spark, docs/exports.md.")
    ] = rebuilding.Engine.LOCAL,
    master: Annotated[str, typer.Option(help="spark: its master.")] = "local[*]",
    directory: Annotated[
        Path | None, typer.Option(help="spark: a directory that all its machines see.", exists=True, file_okay=False)
    ] = None,
    json_: Json = False,
) -> None:
    """Fold read models from nothing, compare them with the live ones, and put them in their place.

    Readers see the old rows until the new ones are whole. Interrupted, it goes on where it was when it is run again.
    Exit code 1: the live rows were not what the ledger says.

    Example: stadtbuch rebuild case_record --workers 2
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        prepared(place)
        chosen = rebuilding.meant(place, names or [], everything=all_)
        with rebuilding.engine(engine, master, directory) as elsewhere:
            anew = from_zero or elsewhere is not None
            results = [
                rebuilding.run(place, projection, workers, from_zero=anew, check=check, elsewhere=elsewhere)
                for projection in chosen
            ]
        text = "\n".join(result.text for result in results)
        answer({"rebuilt": [result.rebuilt for result in results]}, text, as_json=json_)
    raise typer.Exit(FINDING if any(result.equal is False for result in results) else DONE)


@app.command()
def prove(
    names: Annotated[list[str] | None, typer.Argument(help="Read models; all where none is named.")] = None,
    workers: Annotated[int, typer.Option(help="How many processes fold in a rebuild.", min=1, max=64)] = 1,
    spark: Annotated[bool, typer.Option("--spark", help="Fold on Apache Spark too, docs/exports.md.")] = False,
    master: Annotated[str, typer.Option(help="spark: its master.")] = "local[*]",
    directory: Annotated[
        Path | None, typer.Option(help="spark: a directory that all its machines see.", exists=True, file_okay=False)
    ] = None,
    json_: Json = False,
) -> None:
    """Prove read models: live rows = rebuild = plain fold of all events, and = Spark, by checksum. Replaces nothing.

    Exit code 1: they are not equal, or rows stand still.

    Example: stadtbuch prove --workers 2
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        prepared(place)
        chosen = rebuilding.chosen(names or [], everything=not names)
        engine = rebuilding.Engine.SPARK if spark else rebuilding.Engine.LOCAL
        with rebuilding.engine(engine, master, directory) as elsewhere:
            proofs = proving.run(place, chosen, workers, elsewhere)
        text = "\n".join(map(proving.described, proofs))
        answer({"proved": [proving.as_json(proof) for proof in proofs]}, text, as_json=json_)
    raise typer.Exit(DONE if all(proof.equal for proof in proofs) else FINDING)


@app.command()
def verify(json_: Json = False) -> None:
    """Check every row of the ledger against its leaf, every position, version, time, seal, key, claim and command.

    Wrapped keys are opened where the key-encryption key is at hand, and left out, with a word, where it is not.

    Exit code 1: something is not as it was recorded; the first fault is named.

    Example: stadtbuch verify --json
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        report = checking.verify(place.database, Codec(FAMILIES), kek=_key_at_hand(place))
        faults = [asdict(fault) for fault in report.faults]
        answer({"rows": report.rows, "faults": faults}, str(report), as_json=json_)
    raise typer.Exit(FINDING if faults else DONE)


@app.command(name="check-content")
def check_content(
    file: Annotated[Path, typer.Argument(help="The file to check.", exists=True, dir_okay=False, readable=True)],
    record: Annotated[str, typer.Argument(help="The record's number, or its id.")],
    version: Annotated[int | None, typer.Option(help="Compare with this version only.", min=1)] = None,
    json_: Json = False,
) -> None:
    """Say whether a file is one that a record keeps the hash of: a document, an attachment, a council file, a product.

    Stadtbuch keeps hash, size and name, never the content. Exit code 1: it is none of them, or there is no such record.

    Example: stadtbuch check-content bescheid.pdf 63.20/2026-0815
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        result, text, code = contents.run(place, file, record, version)
        answer(result, text, as_json=json_)
    raise typer.Exit(code)


@app.command()
def explain(
    name: Annotated[str, typer.Argument(metavar="READMODEL", help="The read model; `stadtbuch status` lists them.")],
    record: Annotated[str, typer.Argument(help="The record's number, or its id.")],
    field: Annotated[str | None, typer.Option(help="Only this column.")] = None,
    json_: Json = False,
) -> None:
    """Say which events set the values of a record's row: when, by whom, and what was there before.

    Sealed texts come out as references, never in clear. Exit code 1: there is no such row.

    Example: stadtbuch explain case_record 63.20/2026-0815 --field lead_unit
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        prepared(place)
        result, text, code = explaining.run(place, name, record, field)
        answer(result, text, as_json=json_)
    raise typer.Exit(code)


@app.command()
def sql(
    command: Annotated[str | None, typer.Option("--command", "-c", help="Run one query and end.")] = None,
    json_: Json = False,
) -> None:
    """Query the read models as the analyst's login, which can read them and nothing else.

    Uses psql where it is installed.

    Example: stadtbuch sql -c "select status, count(*) from read.loan group by 1"
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        code = querying.run(place, command, as_json=json_)
    raise typer.Exit(code)


@app.command()
def doctor(json_: Json = False) -> None:
    """Say what is set, what is wrong, and what to do about it. Exit code 1: something is wrong.

    Example: STADTBUCH_DSN=postgresql://stadt@db.example/stadtbuch stadtbuch doctor
    """
    with expected(as_json=json_):
        findings = examining.examine(settings.load())
        result = {"findings": [asdict(finding) for finding in findings]}
        answer(result, "\n".join(str(finding) for finding in findings), as_json=json_)
    raise typer.Exit(DONE if all(finding.good for finding in findings) else FINDING)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def bench(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(help="append: recording. projections: folds and rebuilds. as_of: the past. graphql: the API."),
    ],
) -> None:
    """Measure as ratios against the raw limit, from a checkout of the source.

    append takes --rounds, --seconds, --events (the large ledger, 0 leaves it out), --postgres-bin and --json.
    cost tells the processor time for each command; it takes --seconds, --postgres-bin and --json.
    projections takes --rounds, --events, --large, --postgres-bin and --json.
    as_of takes --rounds, --events, --postgres-bin and --json.
    graphql_cost tells the processor time of queries; it takes --rounds, --seconds, --events, --postgres-bin and --json.
    graphql needs wrk and npm; it takes --rounds, --seconds, --events, --large (a larger ledger to compare),
    --no-peer (without PostGraphile), --rate (commands a second) and --json.

    Example: stadtbuch bench append --rounds 7 --json
    """
    try:
        module = importlib.import_module(f"benchmarks.{name}")
    except ModuleNotFoundError:
        message = f"There is no benchmark {name!r} here: run it in a checkout of the source."
        leave(USAGE, message, as_json="--json" in context.args)
    raise typer.Exit(module.main(context.args))


def _key_at_hand(place: Installation) -> KeyEncryptionKey | None:
    try:
        return place.key_encryption_key()
    except KeyUnavailable as error:
        say(f"The wrapped keys are not checked: {error}")
        return None


def prepared(place: Installation) -> int:
    """Read models made and caught up, where no `serve` keeps them; answers the last position."""
    return projecting.prepared(place)


def main() -> None:
    """The console script."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends a command as Ctrl-C does: in order
    as_json = "--json" in sys.argv[1:]
    try:
        code = app(standalone_mode=not as_json)
    except WrongUsage as error:
        print(as_error(USAGE, error.format_message()), flush=True)
        code = USAGE
    sys.exit(code)


__all__ = ["app", "main"]
