"""Rules that would move a contact on and on, by themselves.

A move triggers the rules on conditions, and, through the opportunity that a rule of the kind “create a lead” makes, those
on created opportunities. The other kinds wait for somebody to do something.
"""


def get_steps(rules):
    """:return: dict stage -> list of (``lifecycle.rule`` that together take the step, the next stage), of these rules"""
    stages = rules.env["lifecycle.stage"].search([("deletion_pending", "=", False)])
    steps = {stage: [] for stage in stages}
    lead_rules = rules.filtered(
        lambda rule: rule._makes_leads() and rule.lead_kind == "opportunity" and not rule.delay_days
    )
    for rule in rules.filtered("to_stage_id"):
        on_opportunities = rule.kind == "opportunity" and rule.on_opportunity_created
        if not (rule.kind == "criteria" or on_opportunities):
            continue
        for stage in stages.filtered_domain(rule._get_stage_domain("id") & rule._get_forward_domain("id")):
            if rule.kind == "criteria":
                steps[stage].append((rule, rule.to_stage_id))
            else:
                for lead_rule in lead_rules.filtered(lambda r, s=stage: s in r.entered_stage_ids):
                    steps[stage].append((lead_rule | rule, rule.to_stage_id))
    return steps


def find_loop(steps, rule, rules):
    """Find a way on which ``rules``, and ``rule`` among them, take a contact back to the stage that it was in.

    :param dict steps: see ``get_steps``
    :return: ``lifecycle.rule``, those that take part, in the order of their moves; none when there is no loop
    """
    steps = {stage: [(by, to) for by, to in nexts if by <= rules] for stage, nexts in steps.items()}
    for start, nexts in steps.items():
        for by, next_stage in nexts:
            if rule in by and (way := _find_way(steps, next_stage, start)):
                return by | way
    return rule.browse()


def _find_way(steps, start, end):
    """:return: ``lifecycle.rule`` that take a contact from one stage to another, on the shortest way, or None"""
    ways = {start: None}
    queue = [start]
    for stage in queue:  # it grows meanwhile
        for by, next_stage in steps.get(stage, ()):
            if next_stage not in ways:
                ways[next_stage] = by if ways[stage] is None else ways[stage] | by
                queue.append(next_stage)
    return ways.get(end)
