"""The platforms: each has FACTS (what it gives), `fetch` (asks and yields raw replies) and `facts` (pure: raw to row).

Hugging Face   hub (asks), hub_call, hub_id, hub_threads -> hub_record (reply to record) -> huggingface, hub_security
forges         github; gitee, gitcode, openi through forges
listings       modelscope, baai, opendatalab, semanticscholar
tables         imports (CSV, JSON lines), sites (the bundled list), osir (the months before)
shared         asking (what a source needs of the world), ids (owner/name)
"""
