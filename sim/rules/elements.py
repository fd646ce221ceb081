"""What partners do together, and how well it turns out (submodel S12).

A piece of joint work needs inputs: content, channels, legitimacy, evidence, policy access, money. Partners add up
what they bring; the scarcest input limits most, so partners who complement each other reach more than the sum of what
each can alone, and two who are alike a little less.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.rules.alliances import active_membership, sits
from sim.vocabulary.audiences import Skill
from sim.vocabulary.coded import numbers
from sim.vocabulary.partnerships import Element, Integration

TRAINING, GUIDE, COMMUNICATION = numbers(Element.TRAINING, Element.GUIDE, Element.COMMUNICATION)
PROJECT = len(Element)  # the last row of the recipes: joint work without a named element
MONEY = int(Skill.MONEY)

# Shares of content, channel, legitimacy, evidence, policy, money that each element needs.
RECIPES = np.array(
    [
        [0.0, 0.0, 0.2, 0.5, 0.0, 0.3],  # survey
        [0.4, 0.6, 0.0, 0.0, 0.0, 0.0],  # information
        [0.5, 0.5, 0.0, 0.0, 0.0, 0.0],  # training
        [0.4, 0.3, 0.3, 0.0, 0.0, 0.0],  # guide
        [0.3, 0.3, 0.0, 0.0, 0.0, 0.4],  # communication
        [0.45, 0.45, 0.1, 0.0, 0.0, 0.0],  # project: joint work without a named element
    ]
)
#: EUR that fully meet the input money of each element.
REFERENCE_EUR = np.array([20_000.0, 5_000.0, 10_000.0, 15_000.0, 50_000.0, 20_000.0])


@rule
def production(recipe, available, scale):
    """Product over inputs x of available[x] ^ (eps share[x]): the scarcest input limits most, and nothing is capped."""
    result = 1.0
    for x in range(recipe.shape[0]):
        if recipe[x] > 0.0:
            result *= math.pow(max(0.0, available[x]), scale * recipe[x])
    return result


@rule
def partnership_quality(champion, structure, p):
    """Q = 0.6 + 0.2 champion + 0.2 Z."""
    return p.quality_base + p.quality_champion * champion + p.quality_structure * structure


@rule
def has_champion(w, k):
    """Whether any member of a partnership has a champion."""
    partnership = w.partnership[k]
    champion = max(w.organisation[partnership.a].champion, w.organisation[partnership.b].champion)
    if partnership.alliance >= 0:
        for i in range(w.organisation.shape[0]):
            if w.organisation[i].champion == 1 and sits(w, partnership.alliance, i):
                champion = 1
    return champion


@rule
def _skill_of(w, partnership, i, x, p):
    """Skill that i brings to a partnership; a firm brings less to what lies outside its core business."""
    skill = w.skill[i, x]
    if partnership.model == Integration.ADD_ON and w.organisation[i].firm >= 0:
        skill *= p.add_on_skill
    return skill


@rule
def _input(w, k, x, p):
    """Sum of what all who take part in partnership k bring of input x."""
    partnership = w.partnership[k]
    if partnership.alliance < 0:
        return _skill_of(w, partnership, partnership.a, x, p) + _skill_of(w, partnership, partnership.b, x, p)
    total = 0.0
    for i in range(w.organisation.shape[0]):
        if sits(w, partnership.alliance, i):
            total += _skill_of(w, w.partnership[active_membership(w, partnership.alliance, i)], i, x, p)
    return total


@rule
def element_result(w, k, element):
    """Product over inputs of input ^ (eps share) with all hours; a budget can stand in for money."""
    p = w.parameter[0]
    result = 1.0
    for x in range(RECIPES.shape[1]):
        share = RECIPES[element, x]
        if share > 0.0:
            available = _input(w, k, x, p)
            if x == MONEY and element < w.element_eur.shape[1]:
                available = max(available, min(1.0, w.element_eur[k, element] / REFERENCE_EUR[element]))
            result *= math.pow(max(0.0, available), p.returns_to_scale * share)
    return result


@rule
def _whole_result(w, k):
    """Mean over the elements of what the inputs of a partnership allow with all hours, kept for pairs."""
    partnership = w.partnership[k]
    if partnership.whole > 0.0 and partnership.alliance < 0:
        return partnership.whole
    total = 0.0
    count = 0
    for element in range(w.element_eur.shape[1]):
        if (partnership.elements >> element) & 1 == 1:
            total += element_result(w, k, element)
            count += 1
    partnership.whole = element_result(w, k, PROJECT) if count == 0 else total / count
    return partnership.whole


@rule
def joint_result(w, k, champion, hours_ratio):
    """R = Q x mean over the elements of what their inputs allow x (hours given / hours asked) ^ eps.

    Shares sum to 1, so that hours that all inputs lack alike come before the product.
    """
    p = w.parameter[0]
    given = 1.0 if hours_ratio == 1.0 else math.pow(hours_ratio, p.returns_to_scale)
    return partnership_quality(champion, w.partnership[k].structure, p) * _whole_result(w, k) * given


@rule
def set_reference(w, k):
    """Results per hour that the members expect: as at formation, with a champion, all hours and 20 % meetings."""
    w.partnership[k].reference_result = joint_result(w, k, 1, 1.0) * 0.8


@rule
def add_element(w, k, element, eur):
    """Something new that the partners do together from now on, with the money put into it."""
    partnership = w.partnership[k]
    for m in range(w.partnership.shape[0]):
        if m == k or (partnership.alliance >= 0 and w.partnership[m].alliance == partnership.alliance):
            w.partnership[m].elements |= 1 << element
            w.partnership[m].whole = 0.0
            w.element_eur[m, element] += eur


@rule
def guide_quality(w, i, k):
    """How good a guide by i and its partner of pair k (-1: alone) is: 1, the most, with all inputs and a champion."""
    p = w.parameter[0]
    if k >= 0:
        partnership = w.partnership[k]
        champion = has_champion(w, k)
        ratio = partnership_quality(champion, partnership.structure, p) / partnership_quality(
            1, partnership.structure, p
        )
        return min(1.0, ratio * element_result(w, k, GUIDE))
    ratio = partnership_quality(w.organisation[i].champion, 0.0, p) / partnership_quality(1, 0.0, p)
    return min(1.0, ratio * production(RECIPES[GUIDE], w.skill[i], p.returns_to_scale))
