### 每个原因代码一句话：为什么做，为什么不做。消息名即代码，其中 "." 和 "_" 写作 "-"。
### 变量传入前已按读者的语言格式化。

## 关卡：为什么不就这笔款发信

gate-paid = { $number } 已全部付清，不再跟进。
gate-written-off = { $number } 的未收款已核销，不再跟进。
gate-closed = { $number } 已关闭，不再跟进。
gate-hold = 已暂停至 { $until }（{ $why }），到期后自动恢复跟进。
gate-dispute = 客户对全部未付款 { $amount } 提出异议（{ $why }），解决之前暂停跟进。
gate-dispute-part = 客户对其中 { $amount } 有异议（{ $why }），信中只提其余的 { $rest }。
gate-promise = 客户已承诺支付 { $amount }，{ $until }之前不催。
gate-promise-part = 客户已承诺支付其中 { $amount }，{ $until }之前不催这部分，信中只提其余的 { $rest }。
gate-unmatched-money = { $date }收到 { $payer } 的款项 { $amount }（{ $payment }），可能就是该客户所付，核销或标为非货款之前不催款。
gate-stale-facts = 银行流水只到 { $covered_to }，已超过允许的 { $max_days } 天；款项可能已经到账，请先导入新的流水。
gate-lost-statements = 数据库由备份恢复，而银行流水只到 { $covered_to }；其间可能有到账尚未入账，请先把流水至少导入到 { $needed }。
gate-objection = 对方的{ $role }联系人要求不要就付款事宜联系，又没有其他联系人可写。
gate-blacklist = 该客户在黑名单上，只能由人工采取正式步骤。
gate-platform-owes = 买家已向平台付款，现由平台欠我方，无需再找买家。

gate-seller-fault = 未付款的原因在我方，须先妥善处理；处理完之前不催款。
gate-in-transit = 客户{ $since }称已付款，{ $until }之前不催，先查找这笔款。

## 已通过的关卡

pass-paid = 尚有 { $outstanding } 未付。
pass-hold = 没有暂停。
pass-dispute = 客户没有异议。
pass-promise = 没有未到期的付款承诺。
pass-unmatched-money = 没有可能属于该客户的待核销款项。
pass-stale-facts = 账目足够新。
pass-objection = 收信人没有拒绝联系。
pass-blacklist = 该客户不在黑名单上。

## 个案状态

case-awaits-trigger = 尚未开始计时：到期日从“{ $trigger }”起算，目前还没有这项记录。
case-letter-waiting = 已有一封信在等待发出，时间为 { $send_at }。
case-letter-to-paste = 有一条消息等人工粘贴到聊天中，在此之前不再发信。
case-letter-uncertain = 有一封信不确定是否已发出，查明之前不再发信。
case-approval-waiting = 有一封信在等人审批。
case-task-waiting = 还有一项任务没有完成，完成后才走下一步。
case-no-playbook = 没有适用于这笔款的流程，因此不发信；请为该客户指定或新增一套方案。
case-ladder-done = 流程的各步都已走完，下一步由人决定。
case-handed-over = 已移交他方处理，本系统不再发信，收到款即结案。
case-plan-agreed = 已约定分期付款，每一期各自计时。
case-playbook = 采用的方案是“{ $playbook }”。

## 步骤

step-due = “{ $step }”这一步自 { $since } 起该做了（距到期日天数：{ $days_overdue }）。
step-next = 下一步是“{ $step }”，时间为 { $at }。
step-missed-collapsed = 未发信期间积压了几步，只做当前该做的一步，其余 { $count } 步略过。
step-condition-false = 略过“{ $step }”这一步，因为条件不成立：{ $condition }。
step-condition-unreadable = “{ $step }”这一步的条件无法判断（{ $condition }）：{ $error }。改正方案文件之前，这一步不做。
step-severe = “{ $step }”属于重大步骤，每次都须由指定的人批准。
step-two-persons = “{ $step }”属于重大步骤，每次都须由两人批准。
step-review = “{ $step }”设为发出前由人过目。

step-below-minimum = 不值得发出第 { $level } 级催告：逾期 { $overdue }，而该级至少要求 { $least }，或占全部未付款的 { $share }%。
route-taken = 按未付原因（{ $unpaid_why }）走“{ $route }”路线。
route-fits = 该客户的情况适用“{ $route }”路线。
route-done = “{ $route }”路线已走完。

## 联系规则

contact-gap = 上次联系是 { $last }，为保持最短间隔，{ $next } 之后才能再联系。
contact-ceiling = 联系次数已到上限（{ $days } 天内 { $count } 次），{ $next } 之后才能再联系。
contact-window = 客户当地现在是 { $local }（{ $zone }），不在联系时段内，等到 { $next } 再发。
contact-holiday =
    { $certainty ->
        [estimated] { $day } 预计是{ $where }的{ $holiday }（日期为推算），等到 { $next } 再发。
       *[fixed] { $day } 是{ $where }的{ $holiday }，等到 { $next } 再发。
    }
contact-zone-unknown = 不清楚客户所在时区（国家：{ $country }），暂按我方当地时间处理；请补充国家或时区。
contact-role-chosen = 收信人是对方的{ $role }联系人，在这一步的优先顺序里最先能联系上。
contact-fell-through = 客户没有可用的“{ $from }”渠道，改用“{ $to }”。
contact-nobody = 这一步的渠道（{ $channels }）都联系不到客户方的人，已生成任务，请人补充联系人。

## 信件

letter-consolidated = 该客户同一币种的 { $count } 笔款项合并为一封信。
letter-after-restore = 数据库于 { $restored } 由备份恢复；这封信在此之前可能已经发出，须由人工确认。
letter-language-fallback = 还没有客户所用语言（{ $wanted }）的信件，改用英文。

## 撤回的信件

cancelled-stopped = 信件在发出前已取消。
cancelled-merged = { $gone } 已并入 { $stays }，信件在发出前已取消，将重新决定。
cancelled-separated = { $stays } 已重新拆成两个客户，分别重新决定。
cancelled-changed = 金额由 { $was } 变为 { $now }，信件在发出前已取消。
cancelled-stale = 信件内容已过时，发出前已取消，将重新决定。

## 词语

milestone-deposit = 定金
milestone-balance = 尾款
milestone-full = 全款
milestone-instalment = 分期款
milestone-sample = 样品费
milestone-freight = 运费
milestone-interest = 利息

trigger-proforma = 开出形式发票
trigger-goods-ready = 货物备好
trigger-bl-copy = 发送提单副本
trigger-bl-date = 提单日期
trigger-invoice-date = 发票日期
trigger-end-of-month = 开票当月月底
trigger-order-placed = 下单
trigger-arrival = 货到目的港
trigger-fixed-date = 约定日期

weekday-mon = 周一
weekday-tue = 周二
weekday-wed = 周三
weekday-thu = 周四
weekday-fri = 周五
weekday-sat = 周六
weekday-sun = 周日

role-owner = 负责人
role-finance = 财务
role-purchaser = 采购
role-logistics = 物流
role-buyer = 买家

channel-email = 邮件
channel-in-site = 站内信
channel-phone = 电话

verdict-letter = 发信
verdict-task = 任务
verdict-approval = 待审批
verdict-wait = 等待
verdict-closed = 已结

task-call = 打电话
task-find-contact = 补充联系人
task-decide-next = 决定下一步
task-settle-uncertain = 查明信件是否已发出
task-match-money = 核销款项
task-failed-letter = 处理未送达的信件
task-follow = 跟进

letter-state-review = 待审批
letter-state-queued = 排队中
letter-state-to-paste = 待人工粘贴
letter-state-sending = 发送中
letter-state-sent = 已发出
letter-state-failed = 发送失败
letter-state-uncertain = 是否发出不明
letter-state-cancelled = 已取消

case-state-running = 进行中
case-state-paid = 已付清
case-state-written-off = 已核销坏账
case-state-closed = 已关闭
case-state-ladder-done = 各步已走完

# 静默的种类，用于统计。
silence-gate-paid = 已付清：结案，不再跟进
silence-gate-written-off = 已核销：结案，不再跟进
silence-gate-closed = 订单已取消或被平台关闭
silence-gate-hold = 有人要求暂停
silence-gate-dispute = 买家有异议
silence-gate-dispute-part = 部分金额有异议
silence-gate-promise = 买家已承诺付款日
silence-gate-promise-part = 部分金额已承诺
silence-gate-unmatched-money = 有一笔未认领的款项可能是这位买家的
silence-gate-stale-facts = 银行流水太旧，无法确认
silence-gate-lost-statements = 备份之后的银行流水尚未导入
silence-gate-objection = 联系人要求不再联系
silence-gate-blacklist = 已列入黑名单
silence-gate-platform-owes = 买家已付款，改由平台结算
silence-contact-gap = 距上次联系太近
silence-contact-ceiling = 本周联系次数已够
silence-contact-nobody = 没有可联系的人
silence-case-ladder-done = 步骤已走完，由人决定

# 页面上由事实组成的句子。
say-owes-late = { $amount }，逾期 { $days } 天。
say-owes-due = { $amount }，{ $date } 到期。
say-owes-open = { $amount }，到期日待定。
say-to = { $step } → { $name }
say-task-call = 致电 { $name }
say-task-find-contact = 为 { $name } 找到可联系的人
say-task-decide-next = 决定 { $name } 的下一步
say-task-paste = 请把给 { $name } 的消息粘贴到聊天中
say-task-settle-uncertain = 给 { $name } 的信发出了吗？
say-task-failed-letter = 给 { $name } 的信未能送达
say-task-follow = 跟进 { $name }
say-task-match-money = 这笔款是谁的？
say-task-bank-charges = { $name } 的尾差是银行手续费吗？
say-verb-call = 打电话
say-verb-find-contact = 找联系人
say-verb-decide-next = 定下一步
say-verb-paste = 粘贴发送
say-verb-settle-uncertain = 查证
say-verb-failed-letter = 更正地址
say-verb-follow = 跟进
say-verb-match-money = 认领款项
say-verb-bank-charges = 处理尾差
say-charges-task = 付款后还差 { $rest }，金额很小，可能被中转银行扣作手续费。
say-charges-hold = { $number } 的尾差：是否为银行手续费？
say-money = { $payer } 汇来的 { $amount } 是谁的？
say-money-nobody = { $amount } 是谁的款？
say-doubt-no-reference = 附言中没有找到发票号或订单号。
say-doubt-amount-differs = 编号是我们的，但金额不符。
say-doubt-several-parties = 附言提到了几位买家的订单。
say-doubt-other-currency = 附言提到的款项以另一币种计。
say-doubt-undone = 原先的认领已撤销。
say-doubt-new = 还没有核对过。
say-toast-approved-first = 您已批准 { $number }，还需第二人批准，之后于 { $when } 发出。
say-toast-rehearsed = 已写出 { $n } 封演练信件。
say-toast-contact = 已添加 { $name }。
say-toast-happened = 已记录 { $day }，{ $n } 笔款项开始计期。
say-toast-approved = { $number } 已批准，{ $when } 发出。
say-toast-unapproved = { $number } 重新等待批准。
say-toast-declined = { $number } 不再发送。
say-toast-pasted = { $number } 已记为发出。
say-toast-settled = { $number } 已查清。
say-toast-done = { $number } 已完成。
say-toast-snoozed = { $number } 推迟到 { $when }。
say-bank-waits = { $name } 申请更换 { $currency } 收款账户（{ $account }），待第二人确认。如非本公司安排，请到“设置—收款账户”撤回。
say-bank-resting = 新的 { $currency } 收款账户（{ $account }）将于 { $when } 起写入信件。如非本公司安排，请到“设置—收款账户”撤回。
say-rehearsal = 演练：本信将于 { $when } 发给 { $to }。
say-toast-held = 已暂停至 { $when }。
say-toast-hold-ended = 暂停已解除，下次运行时重新检查。
say-toast-promise = 承诺已记下，到期前不再发信。
say-toast-promise-withdrawn = 承诺已撤销，下次运行时重新检查。
say-toast-dispute = 异议已记下，有异议的部分不再催。
say-toast-matched = { $number } 已认领。
say-toast-matched-at = { $number }：{ $uses } 已抵付 { $settles }。
say-toast-matched-charges = { $number } 已认领，尾差 { $rest } 已按银行手续费核销。
say-toast-matched-asked = { $number } 已认领。尾差 { $rest } 可能是银行手续费，确定之前不向对方追讨。
say-toast-matched-pressed = { $number } 已认领，余额 { $rest } 继续跟进。
say-toast-matched-together = { $number } 已分到 { $n } 笔应收款。
say-toast-charges = 尾差 { $rest } 已按银行手续费核销。
say-toast-charges-kept = 余额 { $rest } 继续跟进。
say-toast-plan = { $number } 已约定分 { $n } 期付款。
say-toast-plan-ended = 分期计划已撤销，{ $number } 按原金额欠款。
say-at-rate = { $amount }（汇率 { $rate }）
say-toast-credited = 已减免 { $amount }，还有 { $open } 未收。
say-toast-written-off = 已核销 { $amount }，还有 { $open } 未收。
say-toast-taken-back = 已冲回 { $amount }，现有 { $open } 未收。
say-toast-blocked = 已列入黑名单，不再给该客户发信。
say-toast-unblocked = 已移出黑名单，下次运行时重新检查。
say-toast-merged = { $number } 已并入该客户。
say-toast-separated = { $number } 已恢复为单独的客户。
say-toast-objected = 已记下，不再就付款联系此人。
say-toast-objection-withdrawn = 已记下，可以重新联系此人。
say-toast-playbook = 已记下。改用新方案的有 { $begin } 笔，按原方案继续的有 { $keep } 笔。
say-toast-set-aside = { $number } 已搁置，不再影响任何客户的跟进。
say-standing-hold = 暂停至 { $day }
say-standing-promise = 承诺 { $day } 付 { $amount }
say-standing-promise-all = 承诺 { $day } 前付清
say-standing-dispute = 有异议：{ $amount }
say-standing-dispute-all = 全部有异议
say-standing-call = 已通电话
say-standing-task = 任务已完成
say-times = { $sentence }
say-ladder = 共 { $total } 步，已走 { $taken } 步。
say-paused = 暂停至 { $day }：{ $text }
say-blocked = 已列入黑名单（{ $day }）：{ $why }
say-declined = 由人停发：{ $why }
say-event-proforma = 开出形式发票（{ $order }）
say-event-goods-ready = 货物备好（{ $order }）
say-event-bl-copy = 提单副本已发送（{ $order }）
say-event-bl-date = 提单已签发（{ $order }）
say-event-invoice-date = 开出发票（{ $order }）
say-event-end-of-month = 开票当月结束（{ $order }）
say-event-order-placed = 下单（{ $order }）
say-event-arrival = 货到目的港（{ $order }）
say-event-fixed-date = 到约定日期（{ $order }）
say-file-brought = { $file } 带来 { $numbers }
say-file-changed = { $file } 更改了 { $numbers }
say-approved-by = 由 { $name } 批准
purpose-press = 跟进
purpose-formal = 正式函件
purpose-answer = 答复
purpose-service = 服务通知
purpose-sell = 推荐
refused-not-our-number = “{ $name }”不是我们的编号。
refused-not-a-day = “{ $text }”不是日期，请写成2026-03-12这样。
refused-amount-unreadable = “{ $text }”不是金额，请写成1234.50这样。
refused-amount-unclear = “{ $text }”分不清是千位还是小数，请写成1234.50这样。
refused-amount-not-positive = 金额必须大于零。
refused-reason-missing = 请写明原因，方便同事了解。没有做任何改动。
refused-missing = 这里没有{ $name }。
refused-several-firms = 此数据库中有多家公司，请由运行本程序的人使用 dunlin backup 命令备份。
refused-contact-unreachable = 请填写邮箱或电话，否则无法联系此人。
refused-not-an-address = “{ $address }”不是有效的邮箱地址。
refused-event-ahead = { $day } 还没有到，今天是 { $today }。
refused-event-not-awaited = { $number } 已有确定的日期，不需要等待事件。
refused-plan-count = 分期计划须为 2 至 { $most } 期。
refused-plan-past = { $day }这一期已经过去，今天是 { $today }。
refused-plan-order = 各期日期须依次递增，{ $day }不符。
refused-plan-long = { $day }距今超过三年。
refused-plan-sum = 各期合计 { $sum }，而未付 { $open }，两者必须一致。
refused-plan-late = 逾期判定天数须为 0 至 { $most } 天。
refused-plan-none = { $number } 没有进行中的分期计划。
refused-plan-begun = { $number } 已有付款，分期计划不能撤销；可用贷项或新的计划处理余额。
refused-words-long = 内容过长，最多 { $most } 字。
refused-charges-none = { $number } 没有小到可视为银行手续费的尾差：不超过其金额的 0.5%，且不超过银行通常扣收的数额。
refused-together-sum = 这些应收款合计 { $sum }，而这笔款有 { $left }，请逐笔认领。
refused-latin-only = “{ $text }”含有汉字；这里供不懂中文的客户阅读，请用拉丁字母填写。
refused-days-missing = 请填写密钥的有效天数。
refused-hold-over = 暂停到 { $day } 等于已经结束，今天是 { $today }。
refused-hold-none = 这里没有正在生效的暂停，{ $number } 也没有任何暂停。
refused-hold-elsewhere = 这里没有正在生效的暂停；暂停在 { $numbers } 上，请到那里解除。
refused-promise-past = 承诺的日期 { $day } 已经过去，今天是 { $today }。
refused-promise-above = 承诺付 { $amount }，但 { $currency } 未收款只有 { $open }。
refused-promise-none = 这里没有未到期的承诺，{ $number } 也没有任何承诺。
refused-promise-elsewhere = 这里没有未到期的承诺；承诺在 { $numbers } 上，请到那里撤销。
refused-dispute-currency = { $number } 以 { $owed } 计，异议却以 { $typed } 计。
refused-dispute-range = 异议金额须大于零且不超过 { $amount }。
refused-dispute-none = { $number } 上没有未解决的异议。
refused-letter-not-waiting = { $number } 已不在等待批准。
refused-letter-changed = 您查看之后，{ $number } 的内容有变化。请重新查看后再批准。
refused-letter-approved-already = { $name } 已批准过 { $number }，还需第二人批准。
refused-letter-approver-new = { $name } 在首位批准 { $number } 之后才重新获得登录权限，须由此前已在职的另一人批准。
refused-letter-lapsed = { $number } 的批准已失效，需重新批准。如已发到聊天中，请在那里更正说明。
refused-letter-not-approved = { $number } 还没有人批准。
refused-letter-left = { $number } 已经离开待发队列。
refused-letter-not-stoppable = { $number } 已无法停发。
refused-letter-not-uncertain = { $number } 的发送结果是明确的，无需查证。
refused-letter-not-to-paste = { $number } 不在等待粘贴。
refused-letter-changed-since-copied = 您复制之后，{ $number } 的内容有变化。请与已粘贴的内容核对后再确认。
refused-letter-not-declined = { $number } 无法恢复：它不是由人停发的，或之后已走了下一步。
refused-task-not-open = { $number } 已不在待办：它已完成或已取消。
refused-task-gone-on = { $number } 无法重新打开：它本来就在待办，或之后已走了下一步。
refused-payment-placed = { $number } 已经认领，请先撤销原先的认领。
refused-payment-currency = { $payment } 是 { $paid }，{ $number } 是 { $owed }，币种不同。
refused-payment-no-place = { $number } 没有可以撤销的认领。
refused-payment-no-rest = { $number } 已全部认领，没有余款。
refused-payment-not-aside = { $number } 没有搁置，未做改动。
refused-receivable-paid = { $number } 已没有未收款，未做改动。
refused-blocked-already = 该客户已在黑名单中；要改原因，请先移出。
refused-not-blocked = 该客户不在黑名单中，未做改动。
refused-objection-same = 已经这样记录过，未做改动。
refused-lower-currency = { $number } 以 { $owed } 计，金额却以 { $typed } 计。
refused-lower-above = { $amount } 超过 { $number } 的未收款 { $open }；最多填 { $most }，多余部分请另行退还。
refused-lower-none = { $number } 上没有可以冲回的减免或核销。
refused-merge-same = 两个名称本来就是同一个客户，未做改动。
refused-person-name-missing = 请填写姓名：批准记录和操作日志都会用到。
refused-firm-name-missing = 请填写公司名称：每封信的落款都会用到。
refused-not-an-email = “{ $text }”不是邮箱地址。
refused-user-known = 公司里已有人使用邮箱 { $email }。
refused-user-left = { $name } 已离职，请先恢复为在职。
refused-user-left-hand = { $name } 已离职，请把客户交给其他同事。
refused-user-invited = { $name } 还没有接受邀请。
refused-user-not-in = 此用户目前不能登录。
refused-last-owner = 这样公司就没有负责人了，请先把另一位同事设为负责人。
refused-erase-active = 请先把此人设为离职，再抹除其信息。
refused-invitation-over = 此邀请已被使用或已过期，请索取新的邀请。
refused-invitation-back = 此邀请已被撤回，请索取新的邀请。
refused-type-to-erase = 要抹除，请一字不差地输入“{ $name }”。没有做任何改动。
refused-type-firm = 要正式发信，请一字不差地输入公司名称“{ $name }”。没有做任何改动。
refused-stand-in-past = { $until } 已经过去，未做改动。
refused-stand-in-left = 所选的代班人已离职，请另选一位。
refused-stand-in-self = 不能由本人给自己代班。
refused-stand-in-order = 结束日 { $until } 早于开始日 { $from }，未做改动。
refused-password-short = 密码太短，请至少用十个字符，例如四个互不相关的词。
refused-password-long = 密码太长，最多512字节。
refused-password-weak = 这个密码太容易被猜到，请用四个互不相关的词。
refused-password-wrong = 密码不对，未做改动。
refused-password-tries = 输错密码的次数太多，请在 { $seconds } 秒后再试。没有做任何改动。
refused-factor-other = 这次两步验证的设置不属于您的账号，请重新开始。
refused-factor-late = 这次两步验证的设置已过期，请重新开始。
refused-factor-code = 验证码不对：请核对手机时间，并输入手机上此刻显示的六位数字。
refused-signature-long = 签名最多十行：它会出现在您写给客户的每封信末尾。
refused-difficulty-long = 说明自身困难的句子最多 { $most } 个字符：前期信件会原样引用。
refused-page-language = 页面没有“{ $code }”这种语言，可选：en、zh-CN。
refused-not-a-time-zone = “{ $text }”不是时区，请写成Asia/Shanghai这样。
refused-not-a-currency = “{ $text }”不是货币代码，请写成USD、EUR、CNY这样。
refused-not-whole = “{ $text }”不是整数。
refused-rule-range = { $rule }须在 { $least } 到 { $most } 之间，不能是 { $value }。
refused-mail-port = 邮件服务器“{ $server }”缺少端口，请写成mail.example.com:587这样。
refused-mail-port-wrong = “{ $port }”不是邮件服务器的端口。
refused-mail-security = 没有“{ $code }”这种加密方式，可选：none、starttls、tls。
refused-account-two-people = 银行账户须由两位登录的同事先后确认才能更改，不能在命令行更改。
refused-account-part = 请填写户名、开户行和账号。没有做任何改动。
refused-account-long = 账户信息太长，信里放不下。没有做任何改动。
refused-account-short = “{ $text }”太短，不像账号。没有做任何改动。
refused-account-iban = “{ $text }”看起来是IBAN，但校验位不对。没有做任何改动。
refused-account-swift = “{ $text }”不是SWIFT代码：应为8位或11位，例如BKCHCNBJ92A。
refused-account-same = 信里用的就是这个账户，未做改动。
refused-account-none-waits = 没有等待第二人确认的 { $currency } 账户。
refused-account-changed = 您查看之后，账户信息有变化。请重新查看后再确认。
refused-account-nobody = 查不到这个账户是谁提出的，请重新提出。
refused-account-own = 提出账户的人不能自己确认，请由第二人确认。
refused-account-joined = 您在这个账户提出之后才获得登录权限，须由此前已在职的同事确认。
refused-account-no-change = 没有正在进行的 { $currency } 账户更改。
refused-file-empty = 文件是空的，请选择表格或银行对账单。
refused-file-none = 还没有选择文件，请选择表格或银行对账单。
refused-file-gone = 这个文件已不在这里，请重新上传。
refused-file-broken = 文件没有完整传到，请重新上传（最大64 MB；更大的文件请由运行本程序的人导入）。
refused-file-broken-page = 文件没有完整传到，请重新上传（最大64 MB）。
refused-column-unknown = { $letter } 列所选的“{ $field }”无法识别。
refused-columns-doubled = { $one } 列和 { $other } 列不能同时是“{ $field }”，请只选一列。
refused-no-statement = { $file } 中没有可以读取的银行对账单。可读的格式有MT940和camt.052/053/054，请确认这是银行导出的原始文件。
refused-no-statement-page = { $file } 中没有可以读取的银行对账单。可读的格式有MT940和camt.052/053/054，请确认这是银行导出的原始文件。
refused-debtor-gone = 这个客户已不存在。
refused-person-missing = 这里没有这位联系人。
refused-person-erased = 这位联系人的信息已经抹除。
refused-debtor-company = 该客户是公司：请逐一抹除其联系人，公司名称会保留。
refused-merge-kinds = { $one } 和 { $other } 不能合并：一个是公司，一个是个人消费者，适用的规则不同。
refused-merge-countries = { $one } 和 { $other } 所在国家不同（{ $country }、{ $abroad }），合并会改变联系时间和语言，请先更正其中一个。
refused-merge-blocked = { $one } 和 { $other } 中只有一个在黑名单里，请先统一两者的状态，再合并。
refused-merge-sending = { $one } 或 { $other } 有一封信正在发送或结果未明，请先处理，或过一分钟再试。
refused-separate-none = 该客户没有并入其他客户，未做改动。
refused-separate-deeper = 它并入的客户后来又并入了另一个客户，请先把那一个分开。
refused-separate-sending = { $number } 有一封信正在发送或结果未明，请先处理，或过一分钟再试。
refused-contacts-none = { $number } 还没有联系人，请先导入联系人。
refused-contact-unknown = { $number } 没有叫“{ $who }”的联系人，已知的有：{ $known }。
refused-playbook-unknown = 没有名为“{ $id }”的流程，已有的是：{ $known }。
refused-key-name = 请给密钥起个名称，以便日后知道它用在哪里。
refused-key-rights = 请选择密钥可以做什么，可选：{ $known }。
refused-key-days = 密钥的有效期为1到 { $most } 天，不能是 { $days } 天。
refused-key-owner = { $name } 不在职：密钥只能属于在职的同事。
refused-key-role = 角色 { $role } 没有“{ $right }”权限，它的权限有：{ $known }。
refused-letter-gone-on = { $number } 的状态刚刚有变化，请刷新后再看。
refused-letter-cancelled-now = { $number } 已不再合适，系统已将其取消。如已发到聊天中，请在那里另行说明。
refused-approver-name = 请注明由谁批准：批准须留下姓名。
refused-corrected-below-paid = { $number } 不能更正为 { $amount }：其中 { $used } 已付款或减免，请改为录入贷项。
refused-payment-replaced = { $number } 来自表格，已由银行流水取代，请认领银行的那一笔。
refused-payment-aside = { $number } 已作为非客户付款搁置，不能再认领。
refused-payment-rest-aside = { $number } 的余款已搁置，请先撤销它的认领，再重新认领。
refused-payment-partly = { $number } 已部分认领，请先撤销认领，或只搁置余款。
refused-payment-partly-page = { $number } 已部分认领，请先撤销认领。
refused-amount-other = “{ $text }”的币种是 { $typed }，这里应填 { $owed }。
refused-ledger-payment = { $amount } 超过了这笔款的余额 { $left }。
refused-ledger-one-currency = { $uses } 不能抵 { $settles }：币种相同时，两个金额必须一致。
refused-ledger-settles = 这笔款是 { $pays }，{ $number } 是 { $owes }：请填写它抵掉未收款 { $open } 中的多少。
refused-ledger-open = { $amount } 超过 { $number } 的未收款 { $open }。
rule-gap-hours = 两封信的间隔（小时）
rule-weekly-ceiling-consumer = 个人买家的每周上限（封）
rule-weekly-ceiling-company = 公司客户的每周上限（封）
rule-promise-margin-days = 承诺到期后的宽限（天）
rule-promise-cap-days = 承诺的最长暂停（天）
rule-statement-max-age-days = 对账单的最长有效期（天）
rule-approval-days = 批准的有效期（天）
say-toast-reopened = { $number } 已重新打开。
say-toast-unsnoozed = { $number } 已回到待办。
say-toast-reinstated = { $number } 重新等待批准。
say-toast-unmatched = { $number } 重新等待认领。
say-toast-unaside = { $number } 重新等待认领。

## 推演与回测表格的列名

look-col-date = 日期
look-col-time = 时间
look-col-kind = 事项
look-col-debtor = 客户编号
look-col-name = 客户名称
look-col-country = 国家
look-col-receivables = 应收款
look-col-step = 步骤
look-col-level = 级别
look-col-channel = 渠道
look-col-currency = 币种
look-col-amount = 金额
look-col-letters = 信函
look-col-approvals = 待批准
look-col-calls = 电话
look-col-tasks = 任务
look-col-sent = 实际发出
look-col-other-letters = 信函（对比）
look-col-other-approvals = 待批准（对比）
look-col-other-calls = 电话（对比）
look-col-other-tasks = 任务（对比）
look-kind-letter = 发信
look-kind-approval = 待批准
look-kind-call = 电话
look-kind-task = 任务

## 未付原因

unpaid-why-forgot = 忘记付款
unpaid-why-cash-short = 资金不足
unpaid-why-payment-failed = 付款失败
unpaid-why-seller-fault = 我方原因
unpaid-why-paid-in-transit = 已付在途
unpaid-why-wrong-contact = 联系人有误或缺少单据
unpaid-why-bargaining = 压价拖付
unpaid-why-refuses = 拒付

## 订单的重要日期

key-date-arrival = 到港日
key-date-free-time-end = 免费期截止日
key-date-platform-close = 平台关闭订单日
key-date-latest-shipment = 最迟装运日
key-date-presentation = 最迟交单日
key-date-credit-expiry = 信用证到期日
key-date-collection = 单据到达代收行
key-date-acceptance = 汇票承兑日
key-date-maturity = 汇票到期日
