"""XES as a stream: what it yields, and every way in which a file can be wrong."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.imports.framework import SourceError
from infra.imports.sources import open_source
from infra.imports.xes.parser import LARGEST_EVENT, MOST_ATTRIBUTES, MOST_EVENTS, LogName, StrayEvent, Trace, read_log
from tests.infra.imports.xes_samples import SampleEvent, SampleTrace, log, some_traces, write


def parts(path: Path) -> Iterator[LogName | Trace | StrayEvent]:
    with open_source(path) as source:
        yield from read_log(source)


def parsed(tmp_path: Path, text: str | bytes) -> list[LogName | Trace | StrayEvent]:
    path = tmp_path / "log.xes"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(parts(path))


def refused(tmp_path: Path, text: str | bytes, match: str) -> SourceError:
    with pytest.raises(SourceError, match=match) as caught:
        parsed(tmp_path, text)
    assert caught.value.message.de != caught.value.message.en
    return caught.value


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_a_log_yields_its_name_and_its_traces_in_order(tmp_path: Path, name: str) -> None:
    first, *traces = parts(write(tmp_path / name, some_traces(3)))
    assert first == LogName("sample")
    assert [t.attributes["concept:name"] for t in traces if isinstance(t, Trace)] == ["case-0", "case-1", "case-2"]
    numbers = [event.number for trace in traces if isinstance(trace, Trace) for event in trace.events]
    assert numbers == list(range(1, 16))


def test_a_log_without_a_name_says_so(tmp_path: Path) -> None:
    assert parsed(tmp_path, log([], name=None)) == [LogName(None)]


def test_a_name_behind_a_long_header_is_found(tmp_path: Path) -> None:
    header = '<classifier name="c" keys="concept:name"/>' * 5_000
    text = log(some_traces(1)).replace("<string", f"{header}<string", 1)
    assert parsed(tmp_path, text)[0] == LogName("sample")


def test_prefixed_elements_are_read_like_others(tmp_path: Path) -> None:
    text = log(some_traces(1)).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?xml", "<?xml")
    text = text.replace("xmlns=", "xmlns:x=")
    _, trace = parsed(tmp_path, text)
    assert isinstance(trace, Trace)
    assert len(trace.events) == 5


def test_attributes_after_the_events_belong_to_the_trace(tmp_path: Path) -> None:
    text = log([SampleTrace(name=None, events=(SampleEvent(),))])
    _, trace = parsed(tmp_path, text.replace("</trace>", '<string key="concept:name" value="late"/></trace>'))
    assert isinstance(trace, Trace)
    assert trace.attributes == {"concept:name": "late"}


def test_nested_and_repeated_attributes_are_kept_by_their_path(tmp_path: Path) -> None:
    nested = '<string key="a" value="1"><int key="b" value="2"/></string><string key="a" value="3"/>'
    text = log([SampleTrace(events=(SampleEvent(),))]).replace("<event>", f"<event>{nested}")
    _, trace = parsed(tmp_path, text)
    assert isinstance(trace, Trace)
    attributes = trace.events[0].attributes
    assert (attributes["a"], attributes["a/b"], attributes["a#2"]) == ("1", "2", "3")


def test_the_attributes_of_globals_are_nobodys(tmp_path: Path) -> None:
    head = '<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>'
    text = log([SampleTrace(events=(SampleEvent(),))]).replace("<trace>", f"{head}<trace>")
    name, _ = parsed(tmp_path, text)
    assert name == LogName("sample")


def test_an_event_outside_of_traces_is_told(tmp_path: Path) -> None:
    text = log([SampleTrace(events=(SampleEvent(),))]).replace("</log>", f"{SampleEvent().xml()}</log>")
    assert parsed(tmp_path, text)[-1] == StrayEvent(2)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "", "no element found")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "<html><body/></html>", "begins with <html>")
    refused(tmp_path, "case;activity\n1;A\n", "Malformed XML in line 1, column 5")


def test_malformed_xml_names_the_place(tmp_path: Path) -> None:
    text = log(some_traces(2)).replace("</trace>", "</trase>", 1)
    assert refused(tmp_path, text, "Malformed XML in line 2").row == 5


def test_traces_before_a_fault_come_whole_and_the_one_with_the_fault_does_not(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(log(some_traces(3))[:-200])
    seen: list[LogName | Trace | StrayEvent] = []
    with pytest.raises(SourceError):
        seen.extend(parts(path))
    assert [len(part.events) for part in seen if isinstance(part, Trace)] == [5, 5]


def test_a_wrong_encoding_is_refused_with_a_hint(tmp_path: Path) -> None:
    refused(tmp_path, log([SampleTrace(events=(SampleEvent("Prüfung"),))]).encode("latin-1"), "another encoding")


def test_declared_encodings_are_honoured(tmp_path: Path) -> None:
    text = log([SampleTrace(events=(SampleEvent("Prüfung"),))])
    for encoding in ("iso-8859-1", "utf-16"):
        _, trace = parsed(tmp_path, text.replace("UTF-8", encoding).encode(encoding))
        assert isinstance(trace, Trace)
        assert trace.events[0].attributes["concept:name"] == "Prüfung"


@pytest.mark.parametrize("encoding", ["gb2312", "no-such-thing"])
def test_an_encoding_that_cannot_be_read_is_refused(tmp_path: Path, encoding: str) -> None:
    refused(tmp_path, log([]).replace("UTF-8", encoding), r"encoding")


LAUGHS = '<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "declaration",
    [
        LAUGHS,
        '<!DOCTYPE log SYSTEM "http://127.0.0.1:1/log.dtd">',
        '<!DOCTYPE log [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE log>",
    ],
)
def test_document_types_and_entities_are_refused(tmp_path: Path, declaration: str) -> None:
    text = log([SampleTrace(events=(SampleEvent(),))]).replace("<log", f"{declaration}<log", 1)
    refused(tmp_path, text, "document type or entities")


def test_elements_nested_without_end_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, "<log>" + '<string key="a" value="b">' * 5_000, "nested more than")


def test_a_huge_attribute_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, '<log><string key="a" value="' + "x" * (5 * 1024 * 1024), "without an element")


def test_a_huge_text_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "<log>" + "x" * (5 * 1024 * 1024), "without an element")


def test_an_event_that_is_too_large_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    large = SampleEvent(more={"note": "x" * LARGEST_EVENT})
    _, trace = parsed(tmp_path, log([SampleTrace(events=(SampleEvent(), large, SampleEvent()))]))
    assert isinstance(trace, Trace)
    assert [event.fault is None for event in trace.events] == [True, False, True]


def test_too_many_attributes_are_told(tmp_path: Path) -> None:
    many = SampleEvent(more={f"k{number}": "v" for number in range(MOST_ATTRIBUTES)})
    _, trace = parsed(tmp_path, log([SampleTrace(events=(SampleEvent(), many))]))
    assert isinstance(trace, Trace)
    assert [event.fault is None for event in trace.events] == [True, False]
    _, trace = parsed(tmp_path, log([SampleTrace(events=(SampleEvent(),), more=many.more)]))
    assert isinstance(trace, Trace)
    assert trace.fault is not None


def test_a_trace_with_too_many_events_keeps_the_first_ones(tmp_path: Path) -> None:
    event = SampleEvent(resource=None, group=None)
    _, trace = parsed(tmp_path, log([SampleTrace(events=(event,) * (MOST_EVENTS + 2))]))
    assert isinstance(trace, Trace)
    assert [event.number for event in trace.events if event.fault] == [MOST_EVENTS + 1, MOST_EVENTS + 2]


def test_a_trace_without_end_is_refused(tmp_path: Path) -> None:
    note = '<string key="k" value="' + "x" * 60_000 + '"/>'
    path = tmp_path / "log.xes"
    with path.open("w") as file:
        file.write("<log><trace>")
        for _ in range(600):
            file.write(note)
    with pytest.raises(SourceError, match="A trace holds more than"):
        list(parts(path))


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    def peak(cases: int) -> int:
        path = write(tmp_path / f"{cases}.xes.gz", some_traces(cases, events=20))
        tracemalloc.start()
        try:
            for _ in parts(path):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(600) < 1.5 * peak(60) + 200_000
