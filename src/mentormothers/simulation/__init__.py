"""A synthetic programme: invented women, their pregnancies and babies, and what mentors write down about them.

Women arrive at antenatal care by district and month as in a real quarterly series. Each then lives her own life:
she is tested, treated, moves, gives birth, feeds, misses visits, is looked for, comes back, dies. Mentors with
habits write some of it down. All chances stand in one file with their sources (`programme/simulation`).

Nothing here reads or writes a file or knows the clock: places, series and parameters are arguments, what comes back
are rows. Each woman has her own random streams, one for each side of her life, so that a change in one side shifts
no other. With the same sites she lives the same life whatever the number of clients asked for; only the mentor who
writes it down may be another, since more clients need more mentors.
"""
