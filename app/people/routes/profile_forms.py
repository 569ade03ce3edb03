"""The form of a tariff profile, with today and a year ahead as its first answer."""

from __future__ import annotations

from datetime import timedelta

from app.domain.profiles import Profile
from app.people import words
from app.people.forms import ProfileForm, offer
from app.web import clock

USUAL_VALIDITY = timedelta(days=364)


def profile_form(*, blank: bool = False) -> ProfileForm:
    """Make the form with every profile to choose from; blank, it ignores what was posted."""
    today = clock.now().date()
    first = {"valid_from": today, "valid_until": today + USUAL_VALIDITY}
    form = ProfileForm(formdata=None, data=first) if blank else ProfileForm(data=first)
    offer(form.profile, [(profile.value, words.profile(profile)) for profile in Profile])
    return form
