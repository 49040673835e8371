"""Printed records: frozen objects in, PDF bytes out. Pure Python and ReportLab."""
