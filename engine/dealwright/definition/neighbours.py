"""What a process reads of others: the fields of record types and of related processes, taken into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from dealwright.model.process import Field, Process, RecordType


def record_names(process: Process) -> Iterator[str]:
    """The types of record that a process reads by itself: its subject, those it lists, those of its record fields."""
    if process.subject:
        yield process.subject
    yield from process.records
    holders = [process.fields, *(kind.fields for kind in process.artifacts), *(kind.fields for kind in process.events)]
    while holders:
        for field in holders.pop():
            if field.type == "record":
                yield field.record
            if field.of:
                holders.append(field.of)


def embed(
    process: Process, records: Mapping[str, RecordType] | None, processes: Mapping[str, Process] | None
) -> Process:
    """The process with the fields of the record types and related processes that it names.

    What is not to be found stays without fields. A type of record that is reached through a
    field of another is taken in as well.
    """
    known = records if records is not None else {}  # a mapping that reads files only when asked
    found = dict(process.records)
    taken: set[str] = set()
    waiting = [*record_names(process), *(related.process for related in process.related if related.process in known)]
    while waiting:
        name = waiting.pop(0)
        if name in known and name not in taken:
            taken.add(name)
            found[name] = known[name]
            waiting += [field.record for field in found[name].fields if field.type == "record"]
    related = tuple(
        [
            msgspec.structs.replace(one, fields=_fields(one.process, process, known, processes))
            for one in process.related
        ]
    )
    if found == process.records and related == process.related:
        return process
    return msgspec.structs.replace(process, records=found, related=related)


def _fields(
    name: str, process: Process, records: Mapping[str, RecordType], processes: Mapping[str, Process] | None
) -> tuple[Field, ...]:
    if name == process.id:
        return process.fields
    if name in records:
        return records[name].fields
    return processes[name].fields if processes is not None and name in processes else ()


def record_type(process: Process) -> RecordType:
    """What others may read of a type of record, made of its file."""
    return RecordType(process.id, process.title, process.fields)
