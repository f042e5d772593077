# 命令行对人说的话。

instant-there = { $at }（{ $place }）

cli-n-debtors = { $n } 个客户
cli-n-letters = { $n } 封信
cli-n-approvals = { $n } 封待批准
cli-n-tasks = { $n } 项任务
cli-n-silences = 新增 { $n } 项不发信的决定
cli-n-cases = { $n } 笔在跟进
cli-n-rows = { $n } 行
cli-n-lines = { $n } 条明细
cli-n-payments = { $n } 笔款项

cli-run = 检查了 { $debtors }：已写 { $letters }、{ $approvals }、{ $tasks }；{ $silences }；{ $cases }
cli-run-dry = 检查了 { $debtors }：将写 { $letters }、{ $approvals }、{ $tasks }；{ $silences }；{ $cases }
cli-run-rehearsed = 安全模式：{ $letters }已演练，只发给本公司；{ $known } 封此前演练过，{ $left } 封留到以后；没有任何信发给客户，进度也没有推进
cli-run-letter = { $channel }，{ $language }：{ $about }，“{ $step }”，{ $at } 发出
cli-mark-letter = 信件
cli-mark-approval = 待批准
cli-mark-task = 任务
cli-about-order = 订单 { $number }

cli-letter-not-sent = 这封信没有发出，当时的正文没有保存。以下按现有资料重新写出：
cli-letter-leaves = { $at } 发出

cli-send = 已发 { $sent } 封，取消 { $cancelled } 封，{ $waiting }，{ $again } 封待重试，{ $failed } 封失败，{ $uncertain } 封不确定，{ $paste } 封待粘贴
cli-send-waiting = { $n } 封等客户的工作时间
cli-send-held-back = 安全模式已开启：不向客户发出任何信
cli-send-next = 下一封将于 { $at } 发出
cli-send-nothing = 没有其他待发的信

cli-import-dry = （试读）{ $line }
cli-import = { $file }：{ $rows }，新增 { $added }，更正 { $corrected }，不变 { $unchanged }，未导入 { $out }
cli-import-columns = { $sheet }（表头在第 { $row } 行）：{ $columns }
cli-import-not-read = 未识别的列：{ $columns }（可用 --map 指定）
cli-import-correction = 第 { $row } 行：{ $what }，{ $field }：原为 { $before }，现为 { $after }
cli-import-correction-new = 第 { $row } 行：{ $what }，{ $field }：新增 { $after }
cli-import-correction-gone = 第 { $row } 行：{ $what }，{ $field }：去掉了 { $before }
cli-import-awaiting = { $n } 笔款项要等“{ $field }”的日期才能到期
cli-import-no-column = { $line }：文件中没有这一列（可用 --map 指定，字段名 { $code }）
cli-import-old = { $n } 笔新款项逾期超过 30 天：从第一步开始；加 --entry contextual 则按账龄进入相应步骤
cli-import-old-by-age = { $n } 笔新款项逾期超过 30 天：按账龄进入相应步骤，但不会从严厉的步骤开始
cli-import-risk = { $n } 个订单有风险提示：{ $risk }
cli-import-told = { $n } 个订单：状态、货物或包裹有新消息
cli-import-older = { $n } 个订单：已知的比文件更新，保持不变
cli-import-payouts = 放款 { $paid }，费用 { $fees }，收回 { $back }
cli-import-vanished = { $order } 不在文件中了，保持原样
cli-import-cancelled = 取消了 { $n } 封待发的信：内容已不正确
cli-import-row-out = 第 { $row } 行未导入：
cli-import-row-in = 第 { $row } 行已导入，但不含以下内容：
cli-import-rows-out = 有 { $n } 行未导入（第 { $rows } 行）：
cli-import-rows-in = 有 { $n } 行已导入，但不含以下内容（第 { $rows } 行）：
cli-import-row-of-sheet = { $sheet }，{ $line }
cli-import-cell = { $cell } “{ $read }”：{ $why }；{ $remedy }
cli-import-cell-empty = { $cell }：{ $why }；{ $remedy }
cli-import-cell-none = { $why }；{ $remedy }
cli-import-part-due = { $milestone } { $amount }，{ $day } 到期
cli-import-part-waits = { $milestone } { $amount }，到期日待定：等{ $trigger }
cli-import-read-as = 读取结果示例：
cli-import-read-row = 第 { $row } 行：{ $values }
cli-import-moved = { $receivable } 由“{ $from }”改为“{ $to }”，因为已知日期：{ $days }
cli-import-moved-back = { $receivable } 由“{ $from }”改为“{ $to }”，因为原来计算所依据的日期已撤销
cli-import-stays = { $receivable } 仍按“{ $from }”跟进，虽然现在“{ $to }”更合适：它有一封信正在处理

cli-statement = { $file }：{ $lines }，{ $known } 条此前已有，{ $payments }：{ $matched } 笔已找到归属，{ $look } 笔需要查看；取消了 { $cancelled } 封待发的信
cli-match = { $matched } 笔已核销，{ $look } 笔待查看
cli-match-left = { $amount } 中尚余 { $left }
cli-match-placed = 已核销
cli-match-charges = 付清 { $receivable }，仅差 { $rest }，可能是银行手续费：
cli-statement-not-read = { $account }：{ $from } 至 { $to } 没有对账单，请导入
cli-statement-until-then = { $line }；在此之前，可能已在这些天付清的款项不催
cli-init-made = 已建立 { $firm }（编号 { $id }），数据库：{ $place }
cli-init-key = 本机密钥在 { $place }，请另存一份，不要和数据库放在一起。
cli-init-next = 接下来：dunlin import orders.xlsx --dry-run   先看会读到什么
    { "" }       dunlin run --dry-run                  先看会发什么、为什么
