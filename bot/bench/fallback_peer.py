"""What the bench of falling back compares ours with: LiteLLM's own Router, set up as its documentation says."""

from router.litellm_setup import litellm
from router.types import Prompt


class LiteLLMRouter:
    """Two models with a timeout each, the second as the first one's fallback, no retries (docs.litellm.ai/docs/routing)."""

    def __init__(self, base: str, first: str, second: str, timeout_s: float) -> None:
        models = [
            {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": base, "api_key": "-", "timeout": timeout_s}}
            for name in (first, second)
        ]
        self._first = first
        router = litellm.Router  # type: ignore[attr-defined]  # exported, but not by name
        self._router = router(model_list=models, fallbacks=[{first: [second]}], num_retries=0, timeout=timeout_s)

    async def ask(self, prompt: Prompt) -> str:
        """Return the answer's text."""
        response = await self._router.acompletion(model=self._first, messages=[{"role": "user", "content": prompt.text}])
        return str(response.choices[0].message.content)
