"""A score as one HTML file that people open, read and print: ranking, map, regions down to links, method."""

from ecosystem.report.page import page_of
from ecosystem.report.request import Request
from ecosystem.report.score_report import Report, make_report, write_report

__all__ = ["Report", "Request", "make_report", "page_of", "write_report"]
