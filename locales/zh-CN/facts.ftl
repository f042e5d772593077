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
