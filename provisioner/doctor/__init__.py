"""Looking at live databases: who may do what there, how safely, and with how many connections."""

from __future__ import annotations

from provisioner.doctor.diagnosis import Check, Diagnosis, Purpose
from provisioner.doctor.examination import diagnose
from provisioner.doctor.rounds import diagnose_all
from provisioner.doctor.subject import Circumstances, Load, Subject, subjects

__all__ = ["Check", "Circumstances", "Diagnosis", "Load", "Purpose", "Subject", "diagnose", "diagnose_all", "subjects"]
