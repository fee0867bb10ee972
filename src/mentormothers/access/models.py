"""Users and the sites they work at, phones and their grants, and the audit trail.

Sites and organisations are plain numbers here: access lies below them and knows none of their details.
"""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Role(models.TextChoices):
    """What a person does in the programme; what she may see follows from it."""

    MENTOR = "mentor", "Mentor Mother"
    COORDINATOR = "coordinator", "Site Coordinator"
    MANAGER = "manager", "Programme manager"
    MINISTRY = "ministry", "Ministry of health"
    ADMINISTRATOR = "administrator", "Administrator"


class Cadre(models.TextChoices):
    """What those in the role of a mentor are employed as; all of them see and do the same."""

    MENTOR_MOTHER = "mentor_mother", "Mentor Mother"
    COMMUNITY = "community_mentor_mother", "Community Mentor Mother"
    EXPERT_CLIENT_WOMAN = "expert_client_woman", "Expert client (woman)"
    EXPERT_CLIENT_MAN = "expert_client_man", "Expert client (man)"


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """A user; without a password she cannot sign in to the office."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who works with the system. That she does may say something of her: staff data are sensitive."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=60, unique=True)
    first_name = models.CharField(max_length=60)
    family_name = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    cadre = models.CharField(max_length=30, choices=Cadre, blank=True)
    organisation = models.IntegerField(null=True)
    language = models.CharField(max_length=12, default="en")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(
                condition=models.Q(cadre="") | models.Q(cadre__in=Cadre.values, role=Role.MENTOR),
                name="user_cadre_of_mentors",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.MINISTRY) | models.Q(organisation__isnull=True),
                name="user_ministry_of_none",
            ),
        ]

    @property
    def name(self) -> str:
        """First name and the first letter of the family name."""
        return f"{self.first_name} {self.family_name[:1]}.".removesuffix(" .")

    @property
    def work(self) -> str:
        """What she or he does, in words."""
        return Cadre(self.cadre).label if self.cadre else Role(self.role).label


class Membership(models.Model):
    """A site a user works at; a manager has one for every site of her organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    site = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "site"], name="membership_once")]


class Device(models.Model):
    """A phone, enrolled for one site and for the people who share it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=60, blank=True)
    site = models.IntegerField()
    organisation = models.IntegerField()
    people = models.ManyToManyField(User, related_name="devices")
    public_key = models.BinaryField()
    enrolled_at = models.DateTimeField(auto_now_add=True)
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    last_seen = models.DateTimeField(null=True)
    last_counter = models.BigIntegerField(default=0)
    # The phone once came back with a lower counter than the server knew: it was restored from an old copy.
    set_back_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class EnrolmentCode(models.Model):
    """A code that enrols one phone, once, for some minutes. Only its hash is kept."""

    digest = models.BinaryField(unique=True)
    site = models.IntegerField()
    organisation = models.IntegerField()
    people = ArrayField(models.UUIDField())
    label = models.CharField(max_length=60, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Challenge(models.Model):
    """A random text that a phone signs to get a grant."""

    digest = models.BinaryField(unique=True)
    device = models.UUIDField()
    expires_at = models.DateTimeField()


class Grant(models.Model):
    """Some hours of access for a phone. Only the hash of its token is kept."""

    digest = models.BinaryField(unique=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()


class AuditEvent(models.Model):
    """Something that must be answerable for: who looked at whom, changed what, when. Never changed, never deleted.

    Holds pseudonyms and codes only, no name and no fact.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    who = models.UUIDField(null=True)
    device = models.UUIDField(null=True)
    what = models.CharField(max_length=60)
    clients = ArrayField(models.UUIDField(), default=list)
    site = models.IntegerField(null=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "audit_event"


class Tries(models.Model):
    """How often something was tried since some minutes ago (see throttle). The name is a hash."""

    name = models.CharField(max_length=64, primary_key=True)
    count = models.IntegerField()
    until = models.DateTimeField()


class Installation(models.Model):
    """What this database is for: a synthetic demo, or a programme. The one is never taken for the other."""

    only_one = models.BooleanField(primary_key=True, default=True)
    kind = models.CharField(max_length=12)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(only_one=True), name="installation_only_one"),
            models.CheckConstraint(condition=models.Q(kind__in=["demo", "programme"]), name="installation_kind_known"),
        ]
