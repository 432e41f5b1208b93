"""Imports OParl 1.1: papers, meetings with agenda items, organizations, and consultations and agenda items alone."""

from infra.imports.oparl.importing import OparlImporter, importer

__all__ = ["OparlImporter", "importer"]
