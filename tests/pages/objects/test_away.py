"""`/home/leaves/away`: who is away on which day of a month."""

import re

from tests.pages.objects.test_lists import words_of
from tests.support.scenarios import decided_leave, pending_leave


def day_of(page, number):
    """Return the names in the calendar on this day of the month."""
    cells = re.findall(r'<span class="day">(\d+)</span>(.*?)</td>', page.text, re.DOTALL)
    return re.findall(r'class="person"><bdi>(.*?)</bdi>', dict(cells)[str(number)])


def approved(api, name, first, last=None):
    """Return the approved leave of a person with this name and an id of their own."""
    return decided_leave(
        api, "approved", employeeId=name.lower(), employeeName=name, startDate=first, endDate=last or first
    )


def test_a_month_names_who_is_away_on_each_day(api, console):
    approved(api, "Asha", "2099-02-27", "2099-03-02")
    approved(api, "Ravi", "2099-03-02")
    pending_leave(api, employeeName="Waits", startDate="2099-03-02", endDate="2099-03-02")
    approved(api, "Sunil", "2099-04-01")
    page = console("hr").get("/home/leaves/away?month=2099-03")
    assert "Away in Mar 2099" in words_of(page)
    assert [day_of(page, number) for number in (1, 2, 3)] == [["Asha"], ["Asha", "Ravi"], []]
    assert "Waits" not in page.text and "Sunil" not in page.text
    assert (
        'href="/home/leaves/away?month=2099-02"' in page.text and 'href="/home/leaves/away?month=2099-04"' in page.text
    )


def test_many_on_a_day_are_counted(api, console):
    for number in range(5):
        approved(api, f"P{number}", "2099-03-02")
    page = console("hr").get("/home/leaves/away?month=2099-03")
    assert len(day_of(page, 2)) == 3 and "and 2 more" in words_of(page)


def test_an_empty_month_says_so_and_a_wrong_month_what_to_write(console):
    client = console("hr")
    assert "Nobody is away in this month." in client.get("/home/leaves/away").text
    for month in ("2099-13", "march", "1999-12", "2100-01"):
        assert client.get(f"/home/leaves/away?month={month}").status_code == 400
    assert console("viewer").get("/home/leaves/away").status_code == 403


def test_the_list_says_who_is_away_on_the_same_days(api, console):
    approved(api, "Asha", "2099-03-01", "2099-03-05")
    approved(api, "Asha", "2099-03-09", "2099-03-10")
    approved(api, "Ravi", "2099-03-05", "2099-03-09")
    approved(api, "Meera", "2099-03-20")
    rows = re.findall(r'<th scope="row">.*?</tr>', console("hr").get("/home/leaves/away?month=2099-03").text, re.DOTALL)
    beside = [re.findall(r"<bdi>(.*?)</bdi>", row) for row in rows]
    assert beside == [["Asha", "Ravi"], ["Ravi", "Asha"], ["Asha", "Ravi"], ["Meera"]]


def test_the_page_of_a_leave_that_waits_says_who_else_is_away(api, console):
    waiting = pending_leave(api, employeeId="sunil", employeeName="Sunil", startDate="2099-03-03", endDate="2099-03-06")
    approved(api, "Asha", "2099-03-01", "2099-03-03")
    approved(api, "Ravi", "2099-03-07")
    page = words_of(console("hr").get(f"/home/leaves/{waiting['id']}"))
    assert "Also away on these days Asha" in page and "Ravi" not in page


def test_a_leave_beside_which_nobody_is_away_says_so_and_a_denied_one_nothing(api, console):
    client = console("hr")
    waiting, denied = pending_leave(api), decided_leave(api, "denied", employeeId="other")
    assert "Nobody else is away." in client.get(f"/home/leaves/{waiting['id']}").text
    assert "Also away" not in client.get(f"/home/leaves/{denied['id']}").text
