"""What is asked of each real import: of its file, by DuckDB, and of our read models and exports, in the same words."""

from typing import Final

Asked = dict[str, tuple[str, str]]
"""By figure: the question to the file, and that to us. {data} is where the files are."""

# Case logs: by pm4py in the file

STEPS: Final = """
with step as (
    select s.*, c.reference, row_number() over (partition by s.record_id order by s.entry) as nth,
        row_number() over (partition by s.record_id order by s.entry desc) as from_last,
        lead(s.activity) over (partition by s.record_id order by s.entry) as follower
    from documented_step s join case_record c using (record_id) where c.reference like 'XES/{log}/%'
), of_case as (
    select record_id, count(*) as events, extract(epoch from max(taken_at) - min(taken_at)) as seconds,
        string_agg(activity, ' > ' order by entry) as variant
    from step group by 1
)
"""
OF_CASES: Final = {
    "cases": "select count(*) from of_case",
    "events": "select count(*) from step",
    "activities": "select count(distinct activity) from step",
    "events by activity": "select activity, count(*) from step group by 1",
    "first activities": "select activity, count(*) from step where nth = 1 group by 1",
    "last activities": "select activity, count(*) from step where from_last = 1 group by 1",
    "first time": "select cast(extract(epoch from min(taken_at)) as double precision) from step",
    "last time": "select cast(extract(epoch from max(taken_at)) as double precision) from step",
    "median duration": (
        "select percentile_cont(0.5) within group (order by cast(seconds as double precision)) from of_case"
    ),
    "mean duration": "select avg(cast(seconds as double precision)) from of_case",
    "longest case": "select max(events) from of_case",
    "variants": "select count(distinct variant) from of_case",
    "resources": "select count(distinct performer) from step",
    "pairs that follow": "select activity, follower, count(*) from step where follower is not null group by 1, 2",
}


# Council

PAPERS: Final = "read_json('{data}/oparl/karlsruhe_papers_2021_2022.jsonl.gz', sample_size=-1)"
MEETINGS: Final = "read_json('{data}/oparl/karlsruhe_meetings_2021_2022.jsonl.gz', sample_size=-1)"
ORGANIZATIONS: Final = "read_json('{data}/oparl/karlsruhe_organizations.jsonl.gz', sample_size=-1)"
# Nine ids stand for two consultations each, in other meetings: what is listed is counted.
CONSULTATIONS: Final = f"(select c.* from (select unnest(consultation) as c from {PAPERS}))"
ITEMS: Final = f"(select distinct on (i.id) i.* from (select unnest(agendaItem) as i from {MEETINGS}))"
# Parts of papers and meetings, each id once. An empty text is none, here as in all that is imported.
CONSULTED: Final = f"(select unnest(organization) as body from {CONSULTATIONS})"
PAPER_FILES: Final = f"(select distinct on (f.id) f.* from (select unnest(auxiliaryFile) as f from {PAPERS}))"
MEETING_FILES: Final = f"""(
    select 'auxiliary' as role, f.id as id, f.mimeType as mime from (select unnest(auxiliaryFile) as f from {MEETINGS})
    union select 'auxiliary', f.id, f.mimeType from (select unnest(auxiliaryFile) as f from {ITEMS})
    union select 'invitation', invitation.id, invitation.mimeType from {MEETINGS} where invitation is not null
    union select 'results_protocol', resultsProtocol.id, resultsProtocol.mimeType from {MEETINGS}
    where resultsProtocol is not null
)"""
CHANGED: Final = "cast(extract(epoch from {}(cast(modified as timestamptz))) as double precision)"
CHANGED_HERE: Final = "cast(extract(epoch from {}(source_modified)) as double precision)"
BODIES: Final = "body where source_id is not null"

ORGANIZATIONS_ASKED: Final[Asked] = {
    "organizations": (
        f"select count(distinct id) from {ORGANIZATIONS}",
        "select count(*) from body where source_id is not null",
    ),
    "their ids": (f"select id from {ORGANIZATIONS}", f"select source_id from {BODIES}"),
    "short names": (
        f"select count(distinct nullif(shortName, '')) from {ORGANIZATIONS}",
        f"select count(distinct short_name) from {BODIES}",
    ),
    "by short name": (
        f"select nullif(shortName, ''), count(*) from {ORGANIZATIONS} group by 1",
        f"select short_name, count(*) from {BODIES} group by 1",
    ),
    "with a name": (f"select count(name) from {ORGANIZATIONS}", f"select count(name) from {BODIES}"),
    "by classification": (
        f"select classification, count(*) from {ORGANIZATIONS} group by 1",
        f"select source_classification, count(*) from {BODIES} group by 1",
    ),
    "with a first day": (f"select count(startDate) from {ORGANIZATIONS}", f"select count(valid_from) from {BODIES}"),
    "by first year": (
        f"select year(cast(startDate as date)), count(*) from {ORGANIZATIONS} group by 1",
        f"select extract(year from valid_from), count(*) from {BODIES} group by 1",
    ),
    "first day": (
        f"select cast(min(startDate) as varchar) from {ORGANIZATIONS}",
        f"select cast(min(valid_from) as varchar) from {BODIES}",
    ),
    "latest first day": (
        f"select cast(max(startDate) as varchar) from {ORGANIZATIONS}",
        f"select cast(max(valid_from) as varchar) from {BODIES}",
    ),
    "with a last day": (f"select count(endDate) from {ORGANIZATIONS}", f"select count(valid_until) from {BODIES}"),
    "first change": (
        f"select {CHANGED.format('min')} from {ORGANIZATIONS}",
        f"select {CHANGED_HERE.format('min')} from {BODIES}",
    ),
    "last change": (
        f"select {CHANGED.format('max')} from {ORGANIZATIONS}",
        f"select {CHANGED_HERE.format('max')} from {BODIES}",
    ),
    "changes by year": (
        f"select year(cast(modified as timestamptz)), count(*) from {ORGANIZATIONS} group by 1",
        f"select extract(year from source_modified), count(*) from {BODIES} group by 1",
    ),
}

MEETINGS_ASKED: Final[Asked] = {
    "meetings": (f"select count(distinct id) from {MEETINGS}", "select count(*) from meeting"),
    "meetings by month": (
        f"select strftime(cast(start as timestamptz), '%Y-%m'), count(distinct id) from {MEETINGS} group by 1",
        "select left(cast(starts_at as text), 7), count(*) from meeting group by 1",
    ),
    "agenda items": (f"select count(*) from {ITEMS}", "select count(*) from agenda_item"),
    "agenda items by result": (
        f"select result, count(*) from {ITEMS} group by 1",
        "select source_result, count(*) from agenda_item group by 1",
    ),
    "public agenda items": (
        f"select count(*) from {ITEMS} where public",
        "select count(*) from agenda_item where public",
    ),
    "by body": (
        f"select unnest(organization) as body, count(*) from {MEETINGS} group by 1",
        "select body, count(*) from (select unnest(body_sources) as body from meeting) m group by 1",
    ),
    "by hour of their start": (
        f"select extract(hour from cast(start as timestamptz)), count(*) from {MEETINGS} group by 1",
        "select extract(hour from starts_at), count(*) from meeting group by 1",
    ),
    "seconds in session": (
        f'select sum(epoch(cast("end" as timestamptz) - cast(start as timestamptz))) from {MEETINGS}',
        "select cast(sum(extract(epoch from ends_at - starts_at)) as double precision) from meeting",
    ),
    "most items of one": (
        f"select max(n) from (select count(*) as n from {ITEMS} group by meeting)",
        "select max(n) from (select count(*) as n from agenda_item group by record_id) i",
    ),
    "agenda items by number": (
        f"select nullif(number, ''), count(*) from {ITEMS} group by 1",
        "select number, count(*) from agenda_item group by 1",
    ),
    "files by role": (
        f"select role, count(*) from {MEETING_FILES} group by 1",
        "select role, count(*) from council_file where kind = 'meeting' group by 1",
    ),
    "files by media type": (
        f"select mime, count(*) from {MEETING_FILES} group by 1",
        "select mime_type, count(*) from council_file where kind = 'meeting' group by 1",
    ),
    "last change": (
        f"select {CHANGED.format('max')} from {MEETINGS}",
        f"select {CHANGED_HERE.format('max')} from meeting",
    ),
}

PAPERS_ASKED: Final[Asked] = {
    "papers": (f"select count(distinct id) from {PAPERS}", "select count(*) from paper"),
    "papers by type": (
        f"select paperType, count(distinct id) from {PAPERS} group by 1",
        "select source_type, count(*) from paper group by 1",
    ),
    "papers by year": (
        f"select year(cast(date as date)), count(distinct id) from {PAPERS} group by 1",
        "select extract(year from dated), count(*) from paper group by 1",
    ),
    "papers by type and year": (
        f"select paperType, year(cast(date as date)), count(distinct id) from {PAPERS} group by 1, 2",
        "select source_type, extract(year from dated), count(*) from paper group by 1, 2",
    ),
    "papers with a reference": (
        f"select count(distinct reference) from {PAPERS}",
        "select count(distinct reference) from paper",
    ),
    "consultations": (f"select count(*) from {CONSULTATIONS}", "select count(*) from consultation"),
    "consultations by role": (
        f"select role, count(*) from {CONSULTATIONS} group by 1",
        "select source_role, count(*) from consultation group by 1",
    ),
    "consultations that decide": (
        f"select count(*) from {CONSULTATIONS} where authoritative",
        "select count(*) from consultation where authoritative",
    ),
    "files of papers": (
        f"select count(distinct f.id) from (select unnest(auxiliaryFile) as f from {PAPERS})",
        "select count(*) from council_file where kind = 'paper'",
    ),
    "papers by month": (
        f"select strftime(cast(date as date), '%Y-%m'), count(*) from {PAPERS} group by 1",
        "select left(cast(dated as varchar), 7), count(*) from paper group by 1",
    ),
    "papers by unit in charge": (
        f"select unnest(underDirectionOf) as unit, count(*) from {PAPERS} group by 1",
        "select unit, count(*) from (select unnest(under_direction_of_sources) as unit from paper) p group by 1",
    ),
    "papers below others": (
        f"select count(*) from (select unnest(superordinatedPaper) from {PAPERS})",
        "select count(*) from (select unnest(superordinated) from paper) p",
    ),
    "consultations by body": (
        f"select body, count(*) from {CONSULTED} group by 1",
        "select body, count(*) from (select unnest(body_sources) as body from consultation) c group by 1",
    ),
    "consultations by meeting": (
        f"select meeting, count(*) from {CONSULTATIONS} group by 1",
        "select meeting_source, count(*) from consultation group by 1",
    ),
    "files of papers by media type": (
        f"select mimeType, count(*) from {PAPER_FILES} group by 1",
        "select mime_type, count(*) from council_file where kind = 'paper' group by 1",
    ),
}

REPORTED: Final[Asked] = {
    "papers by year": (
        PAPERS_ASKED["papers by year"][0],
        "select extract(year from dated), count(*) from public_paper group by 1",
    ),
    "meetings by month": (
        MEETINGS_ASKED["meetings by month"][0],
        "select left(cast(starts_at as text), 7), count(*) from public_meeting group by 1",
    ),
    "agenda items": (MEETINGS_ASKED["public agenda items"][0], "select count(*) from public_agenda_item"),
    "files of papers": (
        PAPERS_ASKED["files of papers"][0],
        "select count(*) from public_file f join public_paper p on p.paper_id = f.record_id",
    ),
}
"""What the public sees by our reports: a source that is published has nothing else."""


# Transits

TRANSITS: Final = "read_csv('{data}/library/librarieswest_transits.csv.gz')"
TRANSITS_ASKED: Final[Asked] = {
    "items moved": ("count(*)", "count(*)"),
    "by route": ("from_library, to_library, count(*)", "from_branch, to_branch, count(*)"),
    "routes": ("count(distinct (from_library, to_library))", "count(distinct (from_branch, to_branch))"),
    "by item type": ("item_type, count(*)", "item_type, count(*)"),
    "by year": ("extract(year from date_transited), count(*)", "extract(year from sent_on), count(*)"),
    "by month": (
        "extract(year from date_transited), extract(month from date_transited), count(*)",
        "extract(year from sent_on), extract(month from sent_on), count(*)",
    ),
    "by sender": ("from_library, count(*)", "from_branch, count(*)"),
    "by receiver": ("to_library, count(*)", "to_branch, count(*)"),
    "by authority": ("from_authority, to_authority, count(*)", "from_authority, to_authority, count(*)"),
    "first day": ("min(date_transited)", "min(sent_on)"),
    "last day": ("max(date_transited)", "max(sent_on)"),
    "days": ("count(distinct date_transited)", "count(distinct sent_on)"),
    "by item type and year": (
        "item_type, extract(year from date_transited), count(*)",
        "item_type, extract(year from sent_on), count(*)",
    ),
    "as published": (
        "cast(date_transited as varchar), item_type, from_library, from_authority, to_library, to_authority, count(*)",
        "cast(sent_on as varchar), item_type, from_branch, from_authority, to_branch, to_authority, count(*)",
    ),
}
