"""What crispy and our template pack make of a form."""

from crispy_forms.layout import Div, Fieldset
from crispy_forms.utils import render_crispy_form
from django import forms

from core.forms import PortalForm, PortalHelper


class SampleForm(PortalForm):
    kind = forms.ChoiceField(
        label="Rūšis",
        help_text="Pasirinkite.",
        choices=[("a", "A"), ("b", "B")],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="Vardas", help_text="Kaip pase.")
    phone = forms.CharField(label="Telefonas", required=False)
    agreed = forms.BooleanField(label="Sutinku", help_text="Būtina.")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


ALL = ["kind", "name", "phone", "agreed", "key"]


def rendered(form, *layout, **options):
    html = render_crispy_form(
        form, PortalHelper(*(layout or ALL), **options), {"csrf_token": "slapta"}
    )
    return " ".join(html.split()).replace("> <", "><")


def test_a_group_is_a_fieldset_described_by_hint_and_error():
    html = rendered(SampleForm({}))

    assert (
        '<fieldset class="field field--invalid" '
        'aria-describedby="id_kind_helptext id_kind_error">'
        '<legend class="field__label">Rūšis</legend>'
        '<p class="hint" id="id_kind_helptext">Pasirinkite.</p>'
        '<div class="field__error" id="id_kind_error"><p>'
        '<span class="visually-hidden">Klaida: </span>Pasirinkite vieną atsakymą.'
    ) in html


def test_a_field_is_label_hint_error_input_in_that_order():
    html = rendered(SampleForm({}), "name")

    places = [
        html.index('<label class="field__label" for="id_name">Vardas</label>'),
        html.index('<p class="hint" id="id_name_helptext">Kaip pase.</p>'),
        html.index('<div class="field__error" id="id_name_error">'),
        html.index('<input type="text" name="name"'),
    ]
    assert places == sorted(places)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_optional_is_said_and_required_is_not():
    html = rendered(SampleForm())

    assert 'Telefonas <span class="field__optional">(nebūtina)</span></label>' in html
    assert html.count("(nebūtina)") == 1
    assert "*" not in html


def test_a_checkbox_stands_before_its_label():
    html = rendered(SampleForm(), "agreed")

    assert (
        'id="id_agreed"><label for="id_agreed">Sutinku</label></div>'
        '<p class="hint" id="id_agreed_helptext">Būtina.</p>'
    ) in html


def test_the_summary_takes_focus_and_links_to_each_faulty_field():
    form = SampleForm({"phone": "1"})
    form.add_error(None, "Kvietimas ką tik baigėsi.")

    html = rendered(form)

    summary = html[html.index('<div class="error-summary"') : html.index("</ul>")]
    assert 'role="alert" tabindex="-1" autofocus' in summary
    assert "<li>Kvietimas ką tik baigėsi.</li>" in summary
    for target in ("id_kind_0", "id_name", "id_agreed"):
        assert f'<a href="#{target}">' in summary
        assert f'id="{target}"' in html
    assert "#id_phone" not in summary


def test_the_summary_puts_no_full_stop_after_a_question():
    form = SampleForm({})
    form.fields["name"].label = "Kas jūs?"

    html = rendered(form)

    assert "<strong>Kas jūs?</strong>" in html
    assert "<strong>Rūšis.</strong>" in html


def test_a_faulty_hidden_field_is_told_without_a_link():
    form = SampleForm({})
    form.add_error("key", "Forma paseno.")

    assert "<li>Forma paseno.</li>" in rendered(form)


def test_no_summary_where_there_is_no_error():
    assert "error-summary" not in rendered(SampleForm())


def test_post_has_one_token_and_the_browser_checks_nothing():
    html = rendered(SampleForm(), submit="Pridėti narį", tone="danger", back="/atgal/")

    assert '<form method="post"' in html
    assert " novalidate>" in html
    assert html.count('name="csrfmiddlewaretoken"') == 1
    assert (
        '<button class="button button--danger" type="submit">Pridėti narį</button>'
        '<a class="button button--quiet" href="/atgal/">Grįžti</a>'
    ) in html


def test_a_filter_is_get_without_token_and_without_optional_marks():
    html = rendered(SampleForm(), method="get", submit="Rodyti")

    assert '<form method="get"' in html
    assert "filters" in html
    assert "csrfmiddlewaretoken" not in html
    assert "(nebūtina)" not in html
    assert "Grįžti" not in html


def test_the_pack_knows_the_layout_parts_in_use():
    html = rendered(
        SampleForm(),
        Fieldset("Kas", "kind", "name"),
        Div("agreed", css_class="stack"),
    )

    assert '<legend class="fieldset__legend">Kas</legend>' in html
    assert '<div class="stack">' in html


def test_a_file_is_sent_whole():
    form = type("FileForm", (PortalForm,), {"file": forms.FileField(label="Failas")})

    assert 'enctype="multipart/form-data"' in rendered(form(), "file")
