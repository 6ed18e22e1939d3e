"""A platform in memory: it holds what was posted, and fails on demand."""

from dataclasses import dataclass, field

from bot.replies import Announcement
from bot.types import DeliveryFailure, MessageGone, MessageRef, Question, Reply, Withdrawn


@dataclass
class FakeCourier:
    """`shown` holds what stands in the channel now, by message; `said` what was told privately, `announced` what was
    said in channels.

    Failures in `failing` are raised one a call. One that is `in_doubt` is raised after its effect.
    """

    shown: dict[str, Reply] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    said: list[tuple[str, Reply]] = field(default_factory=list)
    announced: list[tuple[str, Announcement]] = field(default_factory=list)
    failing: list[DeliveryFailure | Exception] = field(default_factory=list)
    posts: int = 0

    async def post(self, question: Question, reply: Reply, *, in_doubt: bool) -> MessageRef:
        earlier = [message for message, owner in self.owners.items() if owner == question.id and message in self.shown]
        if in_doubt and earlier:
            return self._ref(question, earlier[-1])
        failure = self._failure()
        self.posts += 1
        message = f"m{self.posts}"
        self.shown[message] = reply
        self.owners[message] = question.id
        if failure:
            raise failure
        return self._ref(question, message)

    async def update(self, ref: MessageRef, question: Question, reply: Reply) -> None:
        failure = self._failure()
        if failure:
            raise failure
        if ref.message not in self.shown:
            raise MessageGone
        if isinstance(reply, Withdrawn):
            del self.shown[ref.message]
        else:
            self.shown[ref.message] = reply

    async def announce(self, channel: str, announcement: Announcement) -> None:
        failure = self._failure()
        self.announced.append((channel, announcement))
        if failure:
            raise failure

    async def say_privately(self, question: Question, reply: Reply) -> None:
        failure = self._failure()
        if failure:
            raise failure
        self.said.append((question.user, reply))

    def _failure(self) -> Exception | None:
        """Raise the next failure at once unless it is in doubt: then the effect happens first."""
        if not self.failing:
            return None
        failure = self.failing.pop(0)
        if isinstance(failure, DeliveryFailure) and failure.in_doubt:
            return failure
        raise failure

    @staticmethod
    def _ref(question: Question, message: str) -> MessageRef:
        place = question.conversation
        return MessageRef(place.platform, place.tenant, place.channel, message)
