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
