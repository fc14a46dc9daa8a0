"""The house rules a machine can check. A failure names the file and the rule."""

import ast
import re
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from catalogue.models import AccreditationState, CallStatus
from core.templatetags.portal import TONES
from enrolment.models import TeamStatus

ROOT = settings.BASE_DIR
LAYERS = ["core", "catalogue", "enrolment", "accreditation"]  # from low to high


def sources(*packages):
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()


def imported_packages(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0]


@pytest.mark.parametrize("app", LAYERS)
def test_an_app_imports_only_from_below(app):
    above = {*LAYERS[LAYERS.index(app) + 1 :], "config", "tests"}

    for path, source in sources(app):
        assert not above & set(imported_packages(source)), path


def test_only_transitions_assign_a_status():
    assigns = re.compile(r"\bstatus = TeamStatus|\.status = |update\([^)]*status=")

    for path, source in sources(*LAYERS):
        if path.stem != "transitions":
            assert not assigns.search(source), path


def test_every_transition_is_atomic():
    for path, source in sources("catalogue", "enrolment"):
        if path.stem != "transitions":
            continue
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and writes(node):
                decorators = [
                    ast.unparse(decorator) for decorator in node.decorator_list
                ]
                assert "transaction.atomic" in decorators, f"{path}:{node.name}"


def writes(function):
    """A public function that is given the person who acts, or moves a place."""
    names = {argument.arg for argument in function.args.kwonlyargs}
    moves = function.name.endswith("_place")
    return not function.name.startswith("_") and ("by" in names or moves)


def test_templates_carry_no_inline_code():
    inline = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=")

    for path in (ROOT / "templates").rglob("*.html"):
        assert not inline.search(path.read_text()), path


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_every_status_has_a_tone():
    for statuses in (TeamStatus, CallStatus, AccreditationState):
        assert set(statuses.values) <= TONES.keys(), statuses


def test_every_model_is_named_in_lithuanian():
    for layer in LAYERS:
        for model in apps.get_app_config(layer).get_models():
            assert model._meta.verbose_name != model.__name__.lower(), model


def test_the_admin_edits_no_status():
    for layer in LAYERS:
        for model in apps.get_app_config(layer).get_models():
            for field in model._meta.fields:
                if field.name == "status":
                    assert not field.editable, model
