"""Rules about attendance (Anwesenheit), conflicts of interest (Befangenheit), votes and outcomes."""

from domain.council.rules.kinds import input_rule, record_rule
from domain.kernel import Message

ATTENDANCE_MISSING = record_rule(
    "attendance_missing",
    Message("Votes are counted among those who attend.", "Stimmen zählen unter den Anwesenden."),
    Message("Record the attendance first.", "Stellen Sie zuerst die Anwesenheit fest."),
)
VOTE_UNDECIDED = record_rule(
    "vote_undecided",
    Message(
        "Who is present stays so between a vote and its outcome.",
        "Zwischen Abstimmung und Ergebnis bleibt die Anwesenheit, wie sie ist.",
    ),
    Message(
        "Record the outcome of what was voted on; to count again, remove the item and add it anew.",
        "Stellen Sie das Ergebnis fest; um neu zu zählen, setzen Sie den Punkt ab und nehmen ihn neu auf.",
    ),
)
TOO_MANY_PRESENT = input_rule(
    "too_many_present",
    Message(
        "No more members attend than the body has seats.",
        "Es sind nicht mehr Mitglieder anwesend, als das Gremium Sitze hat.",
    ),
    Message("Count again.", "Zählen Sie erneut."),
)
TOO_MANY_VOTES = input_rule(
    "too_many_votes",
    Message(
        "Each attending member who is not biased has one vote.",
        "Jedes anwesende, nicht befangene Mitglied hat eine Stimme.",
    ),
    Message("Count again.", "Zählen Sie erneut."),
)
GROUPS_DO_NOT_ADD_UP = input_rule(
    "groups_do_not_add_up",
    Message("The votes of the groups add up to the votes.", "Die Stimmen der Fraktionen ergeben zusammen die Stimmen."),
    Message("Count again, with each group once.", "Zählen Sie erneut, jede Fraktion einmal."),
)
CORRECTION_UNEXPLAINED = input_rule(
    "correction_unexplained",
    Message(
        "A vote that was counted is replaced with a reason only.",
        "Eine festgehaltene Abstimmung wird nur mit einem Grund ersetzt.",
    ),
    Message("Give the reason for the correction.", "Geben Sie den Grund der Berichtigung an."),
)
VOTE_MISSING = input_rule(
    "vote_missing",
    Message("What is adopted or rejected was voted on.", "Was angenommen oder abgelehnt wird, wurde abgestimmt."),
    Message("Record the vote first.", "Halten Sie zuerst die Abstimmung fest."),
)
AGAINST_THE_VOTE = input_rule(
    "against_the_vote",
    Message(
        "The majority of the votes cast decides; a tie rejects.",
        "Es entscheidet die Mehrheit der abgegebenen Stimmen; Stimmengleichheit lehnt ab.",
    ),
    Message("Choose the outcome that the vote had.", "Wählen Sie das Ergebnis, das die Abstimmung hatte."),
)
TEXT_MISSING = input_rule(
    "text_missing",
    Message("A resolution has a text.", "Ein Beschluss hat einen Wortlaut."),
    Message("Give its text.", "Geben Sie den Wortlaut an."),
)
PAPER_WITHDRAWN = input_rule(
    "paper_withdrawn",
    Message(
        "Nothing is decided on a paper that was withdrawn.", "Über eine zurückgezogene Vorlage wird nicht beschlossen."
    ),
    Message("Record the item as withdrawn.", "Halten Sie den Punkt als zurückgezogen fest."),
)
RESOLUTION_NUMBER_TAKEN = input_rule(
    "resolution_number_taken",
    Message("A resolution's number is unique.", "Eine Beschlussnummer wird nur einmal vergeben."),
    Message("Renumber the agenda item.", "Nummerieren Sie den Tagesordnungspunkt um."),
)
MEMBER_ABSENT = input_rule(
    "member_absent",
    Message("Who takes no part in an item is in the room until then.", "Wer nicht mitwirkt, ist bis dahin anwesend."),
    Message("Record the attendance first.", "Stellen Sie zuerst die Anwesenheit fest."),
)
CONFLICT_DECLARED = input_rule(
    "conflict_declared",
    Message("A conflict of interest is declared once per item.", "Befangenheit wird je Punkt einmal erklärt."),
    Message("Nothing to do.", "Nichts zu tun."),
)
VOTED_ALREADY = input_rule(
    "voted_already",
    Message("A conflict of interest is declared before the vote.", "Befangenheit wird vor der Abstimmung erklärt."),
    Message("Tell it in the minutes.", "Halten Sie es in der Niederschrift fest."),
)
GROUP_TOO_SMALL = input_rule(
    "group_too_small",
    Message(
        "A group that votes has members in the room, and no more votes than those who are not biased.",
        "Eine abstimmende Fraktion hat anwesende Mitglieder und nicht mehr Stimmen als nicht befangene.",
    ),
    Message("Count again.", "Zählen Sie erneut."),
)
