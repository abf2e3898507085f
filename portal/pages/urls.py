"""Addresses of the residents' pages; slugs are the same in every language."""

from django.urls import path

from portal.pages.views import acting, home, letters, permissions, public, receipts, settings, texts, usage

urlpatterns = [
    path("", public.start, name="start"),
    path("privacy/", public.privacy, name="privacy"),
    path("registers/", public.registers, name="registers"),
    path("registers/<slug:slug>/", public.register, name="register"),
    path("help/", public.help_page, name="help"),
    path("signed-out/", public.signed_out, name="signed_out"),
    path("session-ended/", public.session_ended, name="session_ended"),
    path("home/", home.home, name="home"),
    path("data/", home.your_data, name="data"),
    path("data/arriving/", home.arriving, name="arriving"),
    path("data/refresh/", home.refresh, name="refresh"),
    path("data/<slug:department>/<slug:dataset>/", home.category, name="category"),
    path("usage/", usage.usage, name="usage"),
    path("usage/<uuid:pk>/", usage.one_use, name="one_use"),
    path("permissions/", permissions.permissions, name="permissions"),
    path("permissions/<uuid:pk>/", permissions.permission, name="permission"),
    path("permissions/<uuid:pk>/stop/", permissions.stop, name="stop"),
    path("permissions/<uuid:pk>/change/", permissions.change, name="change"),
    path("permissions/<uuid:pk>/renew/", permissions.renew, name="renew"),
    path("permissions/<uuid:pk>/saved/", permissions.answer_saved, name="answer_saved"),
    path("permissions/<uuid:pk>/texts/<int:version>/", texts.permission_text, name="permission_text"),
    path("receipts/<uuid:pk>/", receipts.receipt, name="receipt"),
    path("receipts/<uuid:pk>/json/", receipts.as_json, name="receipt_json"),
    path("receipts/<uuid:pk>/pdf/", receipts.as_pdf, name="receipt_pdf"),
    path("receipts/<uuid:pk>/html/", receipts.as_html, name="receipt_html"),
    path("verify/", receipts.verify_page, name="verify"),
    path("settings/", settings.settings_page, name="settings"),
    path("settings/letters/", letters.letters, name="letters"),
    path("settings/sessions/<int:session>/end/", settings.sign_out_there, name="sign_out_there"),
    path("people/", acting.people, name="people"),
    path("people/act/", acting.act_for, name="act_for"),
    path("people/own/", acting.act_for_oneself, name="act_for_oneself"),
    path("session/", settings.session_left, name="session_left"),
    path("requests/<uuid:pk>/", permissions.question, name="question"),
]
