"""Cadastre orders (Katasterauszüge): extracts from the property register, ordered, paid, made and delivered."""

from domain.cadastre import commands, facts, input_rules, rules
from domain.cadastre.decide import decide
from domain.cadastre.evolve import evolve
from domain.kernel import Family, rules_in

FAMILY = Family(
    name="cadastre",
    kinds=("order",),
    facts=(
        facts.OrderPlaced,
        facts.LegitimateInterestClaimed,
        facts.LegitimateInterestConfirmed,
        facts.LegitimateInterestRefused,
        facts.FeeAssessed,
        facts.FeeNoticeIssued,
        facts.PaymentSettled,
        facts.ProductGenerated,
        facts.ProductDelivered,
        facts.PurposeFulfilled,
        facts.OrderCancelled,
        facts.OrderRefunded,
        facts.OrderCorrected,
    ),
    commands=(
        commands.PlaceOrder,
        commands.ClaimLegitimateInterest,
        commands.ConfirmLegitimateInterest,
        commands.RefuseLegitimateInterest,
        commands.AssessFee,
        commands.IssueFeeNotice,
        commands.SettlePayment,
        commands.GenerateProduct,
        commands.DeliverProduct,
        commands.CompleteOrder,
        commands.CancelOrder,
        commands.RefundOrder,
        commands.CorrectOrder,
    ),
    rules=rules_in(vars(rules)) + rules_in(vars(input_rules)),
    decide=decide,
    evolve=evolve,
    claim_rules={
        "cadastre.order_number": rules.ORDER_NUMBER_TAKEN,
        "cadastre.fee_notice_number": rules.FEE_NOTICE_NUMBER_TAKEN,
    },
)
