# 各处通用的事实用词：页面、原因说明和命令行共用。

## 未付原因

unpaid-why-forgot = 忘记付款
unpaid-why-cash-short = 资金不足
unpaid-why-payment-failed = 付款失败
unpaid-why-seller-fault = 我方原因
unpaid-why-paid-in-transit = 已付在途
unpaid-why-wrong-contact = 联系人有误或缺少单据
unpaid-why-bargaining = 压价拖付
unpaid-why-refuses = 拒付

## 沟通方式

talk-place-wechat = 微信
talk-place-whatsapp = WhatsApp
talk-place-phone = 电话
talk-place-fair = 展会
talk-place-visit = 拜访
talk-place-other = 其他场合
talk-place-email = 通过邮件
talk-place-in-site = 通过平台站内信

## 客户的意思

talk-intent-paid-already = 表示已付款
talk-intent-promises = 承诺付款
talk-intent-disputes = 提出异议
talk-intent-asks-question = 提出问题
talk-intent-asks-for-papers = 索要单据
talk-intent-wrong-contact = 不是负责人
talk-intent-short-of-cash = 资金紧张
talk-intent-bargains = 要求降价
talk-intent-refuses = 拒绝付款
talk-intent-objects-to-contact = 要求不再联系
talk-intent-out-of-office = 不在办公室（自动回复）
talk-intent-other = 其他

## 订单的重要日期

key-date-arrival = 到港日
key-date-free-time-end = 免费期截止日
key-date-platform-close = 平台关闭订单日
key-date-latest-shipment = 最迟装运日
key-date-presentation = 最迟交单日
key-date-credit-expiry = 信用证到期日
key-date-collection = 单据到代收行日
key-date-acceptance = 承兑日
key-date-maturity = 汇票到期日

## Why an article is offered in place of another

similar-why-pinned = 您指定的
similar-why-category = 同一类目
similar-why-price-same = 价格相同
similar-why-cheaper = 便宜 { $percent }%
similar-why-dearer = 贵 { $percent }%
similar-why-attributes = 相同的属性：{ $names }
similar-why-alike = 标题相似度 { $percent }%

## 订单状态与包裹状态

order-state-placed = 待付款
order-state-risk-control = 风控审核中
order-state-paid = 已付款
order-state-out-of-stock = 已付款，缺货
order-state-in-stock = 有货，暂缓发货
order-state-awaiting-confirmation = 待买家确认
order-state-ready = 待发货
order-state-part-shipped = 部分发货
order-state-shipped = 已发货
order-state-delivered = 已送达
order-state-completed = 已完成
order-state-cancelled = 已取消
order-state-closed = 平台已关闭
order-state-frozen = 平台冻结
order-state-in-dispute = 纠纷中
order-ask-outcome-answered = 买家已答复
order-ask-outcome-agreed = 买家同意
order-ask-outcome-declined = 买家不同意
order-ask-outcome-overridden = 不等答复，直接放行
order-ask-address = 待确认地址
order-ask-customs = 报关品名与真实价值
order-ask-combine = 多个订单合并一个包裹
order-ask-surcharge = 需补运费
order-ask-remote-area = 偏远地区
order-ask-address-change = 买家要换地址
order-ask-split = 买家要分多个包裹
order-ask-wish = 买家的其他要求
delivery-field-name = 姓名
delivery-field-address = 地址
delivery-field-postcode = 邮编
delivery-field-phone = 电话
delivery-field-country = 国家
delivery-field-goods = 报关品名
delivery-field-value = 真实价值
order-ask-outcome-withdrawn = 不再询问
order-ask-outcome-refused = 我方不予办理

tracking-not-found = 查询不到
tracking-invalid-number = 运单号无效
tracking-announced = 已预报，未揽收
tracking-picked-up = 已揽收
tracking-in-transit = 运输中
tracking-departed = 已离开始发国
tracking-arrived = 已到达目的国
tracking-customs = 清关中
tracking-customs-released = 清关放行
tracking-needs-information = 海关要求补充资料
tracking-delayed = 延误
tracking-expired = 长时间无更新
tracking-out-for-delivery = 派送中
tracking-pick-up-point = 待自提
tracking-failed-delivery = 投递失败
tracking-nobody-there = 投递时无人
tracking-wrong-address = 地址有误
tracking-refused = 买家拒收
tracking-held = 被扣留
tracking-trouble = 异常
tracking-delivered = 已送达
tracking-cancelled = 已取消寄递
tracking-returning = 退回途中
tracking-returned = 已退回
tracking-damaged = 破损
tracking-lost = 丢失
tracking-destroyed = 已销毁
tracking-other = 其他状态

## 境外客户看不懂的内容

abroad-company = 发给境外客户的信件现在用公司中文名“{ $text }”署名，请在“设置 → 公司”中填写公司英文名称。
abroad-signer = 发给境外客户的信件现在署名“{ $text }”，对方未必看得懂，请在“设置 → 公司”中填写署名人英文名。
abroad-phone = 信件落款的电话 { $text } 没有国家代码，境外客户无法拨打，请在“设置 → 公司”中写成 +86 574 8765 4321 的形式。
