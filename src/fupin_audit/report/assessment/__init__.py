"""Assessments as people see them: ordered, counted, masked; console, xlsx, json."""

from fupin_audit.report.assessment.view import AssessmentView, assessment_view

__all__ = ["AssessmentView", "assessment_view"]
