"""`/home/leaves/away`: who is away on which day of a month."""

import re

from tests.pages.objects.test_lists import words_of
from tests.support.scenarios import decided_leave, pending_leave


def day_of(page, number):
    """Return the names in the calendar on this day of the month."""
    cells = re.findall(r'<span class="day">(\d+)</span>(.*?)</td>', page.text, re.DOTALL)
    return re.findall(r'class="person"><bdi>(.*?)</bdi>', dict(cells)[str(number)])


def test_a_month_names_who_is_away_on_each_day(api, console):
    decided_leave(api, "approved", employeeName="Asha", startDate="2099-02-27", endDate="2099-03-02")
    decided_leave(api, "approved", employeeName="Ravi", startDate="2099-03-02", endDate="2099-03-02")
    pending_leave(api, employeeName="Waits", startDate="2099-03-02", endDate="2099-03-02")
    decided_leave(api, "approved", employeeName="Sunil", startDate="2099-04-01", endDate="2099-04-01")
    page = console("hr").get("/home/leaves/away?month=2099-03")
    assert "Away in Mar 2099" in words_of(page)
    assert [day_of(page, number) for number in (1, 2, 3)] == [["Asha"], ["Asha", "Ravi"], []]
    assert "Waits" not in page.text and "Sunil" not in page.text
    assert (
        'href="/home/leaves/away?month=2099-02"' in page.text and 'href="/home/leaves/away?month=2099-04"' in page.text
    )


def test_many_on_a_day_are_counted(api, console):
    for number in range(5):
        decided_leave(api, "approved", employeeName=f"P{number}", startDate="2099-03-02", endDate="2099-03-02")
    page = console("hr").get("/home/leaves/away?month=2099-03")
    assert len(day_of(page, 2)) == 3 and "and 2 more" in words_of(page)


def test_an_empty_month_says_so_and_a_wrong_month_what_to_write(console):
    client = console("hr")
    assert "Nobody is away in this month." in client.get("/home/leaves/away").text
    for month in ("2099-13", "march", "1999-12", "2100-01"):
        assert client.get(f"/home/leaves/away?month={month}").status_code == 400
    assert console("viewer").get("/home/leaves/away").status_code == 403
