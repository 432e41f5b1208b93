"""Case logs in XES (IEEE 1849): each trace is a case of the e-files, each event a step that was taken elsewhere."""

from infra.imports.xes.importer import XesImporter

__all__ = ["XesImporter"]
