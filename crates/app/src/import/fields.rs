//! The columns that are known: one line per field with all the names people give it.
//!
//! Data only. The names of a field stand from the most telling to the vaguest; case, spaces, punctuation, accents,
//! full width and traditional characters do not matter (see `headers`). A new name is one word here; a new field is
//! one line here and its use in the kind's file.

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $code:literal, [$($word:literal),+ $(,)?];)+) => {
        /// What a column can mean.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema)]
        pub enum Field { $($(#[$doc])* #[serde(rename = $code)] $name),+ }

        impl Field {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word for it in `--map` files and reports.
            pub const fn code(self) -> &'static str { match self { $(Self::$name => $code),+ } }

            /// Headers that mean it, the most telling first.
            pub const fn synonyms(self) -> &'static [&'static str] { match self { $(Self::$name => &[$($word),+]),+ } }

            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|field| field.code() == code)
            }
        }
    };
}

fields! {
    OrderNumber = "order_number", [
        "订单号", "订单编号", "订单号码", "销售订单号", "合同号", "合同编号", "外销合同号", "合同号码", "订单",
        "Order Number", "Order No", "Order ID", "Order Ref", "Order Reference", "Sales Order", "SO Number", "SO No",
        "Contract No", "Contract Number", "Order", "PI No", "PI Number", "PI号", "PI编号", "PO No", "PO Number", "PO号",
        "单号", "Número de pedido", "Nº de pedido", "No de pedido", "Pedido", "Orden",
    ];
    DebtorNumber = "debtor_number", [
        "客户编号", "客户代码", "客户编码", "客户号", "客户ID", "买方编号", "Customer Number", "Customer No", "Customer Code",
        "Customer ID", "Client Code", "Client Number", "Client No", "Debtor Number", "Debtor No", "Debtor Code",
        "Buyer Code", "Buyer Number", "Código de cliente", "Nº de cliente",
    ];
    DebtorName = "debtor_name", [
        "客户名称", "客户全称", "客户名", "客户", "公司名称", "客户公司", "客户单位", "单位名称", "公司", "买方", "买方名称", "买家公司", "购货单位",
        "采购商", "买家", "买家名称", "Customer Name", "Customer", "Client Name", "Client", "Company Name", "Company", "Debtor Name",
        "Debtor", "Buyer Name", "Buyer", "Account Name", "Bill To", "Consignee", "Nombre del cliente",
        "Cliente", "Razón social", "Empresa", "Comprador",
    ];
    Country = "country", [
        "国家", "国家地区", "国家/地区", "国别", "客户国家", "买家国家", "收货国家", "目的国", "Country", "Country/Region", "Buyer Country",
        "Customer Country", "Ship Country", "Destination Country", "País", "País de destino",
    ];
    ContactName = "contact_name", [
        "联系人", "联系人姓名", "客户联系人", "对接人", "经办人", "姓名", "Contact Name", "Contact Person", "Contact", "Attn",
        "Attention", "Full Name", "Name", "Persona de contacto", "Contacto", "Nombre",
    ];
    Role = "role", [
        "职务", "职位", "岗位", "角色", "部门", "Role", "Position", "Job Title", "Title", "Function", "Department", "Cargo",
        "Puesto",
    ];
    Email = "email", [
        "邮箱", "电子邮箱", "电子邮件", "邮箱地址", "联系邮箱", "客户邮箱", "买家邮箱", "邮件", "Email", "E-mail Address",
        "Contact Email", "Customer Email", "Buyer Email", "Mail", "Correo electrónico", "Correo",
    ];
    Phone = "phone", [
        "电话", "联系电话", "电话号码", "手机", "手机号", "手机号码", "买家电话", "联系方式", "WhatsApp", "Phone", "Phone Number",
        "Telephone", "Tel", "Mobile", "Cell Phone", "Contact Phone", "Buyer Phone", "Teléfono", "Móvil",
    ];
    CreditLimit = "credit_limit", [
        "信用额度", "授信额度", "信用限额", "赊销额度", "放账额度", "Credit Limit", "Credit Line", "Límite de crédito",
    ];
    Grade = "grade", ["客户等级", "客户级别", "客户评级", "Customer Grade", "Customer Class", "Client Grade", "Grade"];
    /// Who of us looks after the debtor.
    Salesperson = "salesperson", [
        "业务员", "业务员姓名", "业务员邮箱", "所属业务员", "归属业务员", "外贸业务员", "业务负责人", "销售员", "销售人员", "销售负责人", "销售代表",
        "Salesperson", "Sales Person", "Sales Rep", "Sales Representative", "Salesman", "Account Manager", "Account Owner",
        "Vendedor", "Comercial",
    ];
    Language = "language", ["语言", "语种", "沟通语言", "Language", "Lang", "Preferred Language", "Idioma"];
    TimeZone = "time_zone", ["时区", "Time Zone", "TZ", "Zona horaria"];
    Currency = "currency", ["币种", "货币", "币别", "结算币种", "货币代码", "Currency", "Currency Code", "CCY", "Curr", "Moneda", "Divisa"];
    Amount = "amount", [
        "合同金额", "订单金额", "合同总额", "订单总额", "订单总金额", "应收金额", "总金额", "发票金额", "总价", "总额", "应收款", "金额",
        "Order Amount", "Contract Amount", "Order Total", "Order Value", "Total Amount", "Invoice Amount", "Amount Due",
        "Grand Total", "Amount", "Total", "Value", "Importe total", "Importe", "Monto",
    ];
    Terms = "terms", [
        "付款方式", "付款条件", "付款条款", "支付条款", "支付条件", "结算方式", "收款方式", "收款条件", "账期", "Payment Terms",
        "Terms of Payment", "Payment Term", "Payment Conditions", "Payment Condition", "Terms", "Condiciones de pago",
        "Forma de pago",
    ];
    OrderedOn = "ordered_on", [
        "下单日期", "订单日期", "合同日期", "签约日期", "签订日期", "接单日期", "下单时间", "Order Date", "Date of Order", "Ordered On",
        "Contract Date", "Order Placed", "日期", "Date", "Fecha de pedido", "Fecha del pedido", "Fecha",
    ];
    ProformaOn = "proforma_on", [
        "PI日期", "形式发票日期", "PI开具日期", "形票日期", "PI Date", "Proforma Date", "Proforma Invoice Date", "Proforma On",
        "Fecha de proforma",
    ];
    GoodsReadyOn = "goods_ready_on", [
        "货好日期", "货好时间", "备货完成日期", "完货日期", "完工日期", "验货日期", "备货完成", "备货完成日", "备货完成时间", "货好日", "货物备妥",
        "货物备妥日期", "货物备好日期", "备妥日期", "完货日", "完工日", "大货完成日期", "大货完成日", "生产完成日期", "生产完成日", "可出货日期", "Goods Ready Date", "Goods Ready",
        "Cargo Ready Date", "Ready Date", "CRD", "Production Finished", "Inspection Date", "Mercancía lista",
    ];
    BlDate = "bl_date", [
        "提单日期", "提单日", "装船日期", "开船日期", "开船日", "出运日期", "出货日期", "发货日期", "B/L Date", "BL Date",
        "Bill of Lading Date", "Date of B/L", "On Board Date", "Shipped On", "Shipment Date", "Sailing Date", "Ship Date",
        "ATD", "Fecha de embarque", "Fecha BL", "提单签发日期", "提单签发日", "装船日", "离港日期", "离港日",
    ];
    BlCopyOn = "bl_copy_on", [
        "提单副本发送日期", "提单副本寄出日期", "提单副本寄送日期", "副本寄出日期", "提单副本日期", "副本发送日期", "发提单副本日期", "提单副本",
        "提单副本发出日", "提单副本发出日期", "提单副本发出", "提单副本发送日", "提单副本发送", "提单副本寄出日", "提单副本日", "副本发出日期", "副本发出日", "副本寄出日",
        "提单复印件发送日期", "提单扫描件发送日期", "B/L Copy Sent On", "B/L Copy Sent",
        "BL Copy Date", "B/L Copy", "Copy of B/L Sent", "Copy of B/L", "Copy B/L Sent", "Copy Documents Sent", "Fecha copia BL",
    ];
    InvoiceNumber = "invoice_number", [
        "发票号", "发票号码", "发票编号", "商业发票号", "CI号", "Invoice Number", "Invoice No", "Invoice ID", "Inv No", "CI No",
        "Commercial Invoice No", "Invoice", "Número de factura", "Nº de factura", "Factura",
    ];
    InvoiceOn = "invoice_on", [
        "发票日期", "开票日期", "开票日", "商业发票日期", "Invoice Date", "Date of Invoice", "Inv Date", "Invoiced On",
        "Fecha de factura", "Fecha factura",
    ];
    DueOn = "due_on", [
        "到期日", "到期日期", "付款到期日", "应收日期", "应付日期", "付款截止日", "最迟付款日", "应收款日期", "到期", "Due Date", "Due On",
        "Payment Due Date", "Payment Due", "Due", "Maturity Date", "Maturity", "Fecha de vencimiento", "Vencimiento",
    ];
    PaidAmount = "paid_amount", [
        "已收金额", "已收款金额", "已收款", "已收", "实收金额", "实收", "已付金额", "已付款", "已到账金额", "到账金额", "收款金额", "预收金额",
        "已收定金", "Paid Amount", "Amount Paid", "Amount Received", "Received Amount", "Paid to Date", "Paid", "Received",
        "Deposit Received", "Importe pagado", "Pagado", "Cobrado",
    ];
    /// Whether the deposit is in: yes, no, the day, or the amount.
    DepositPaid = "deposit_paid", [
        "定金到账", "定金已到账", "定金是否到账", "定金已收", "定金是否已收", "定金收款", "定金状态", "定金收到", "订金到账", "订金已收", "预付款到账",
        "预付已收", "Deposit Paid", "Deposit Status", "Deposit In", "Down Payment Received", "Advance Received", "Anticipo pagado",
        "Anticipo recibido",
    ];
    PaidAt = "paid_at", [
        "付款时间", "支付时间", "买家付款时间", "付款日期", "收款日期", "到账日期", "Payment Time", "Paid Time", "Paid At", "Pay Time",
        "Payment Date", "Date Paid", "Paid On", "Paid Date", "Fecha de pago",
    ];
    /// The day on which all of it was paid.
    SettledOn = "settled_on", [
        "结清日期", "结清日", "付清日期", "付清日", "Settled Date", "Settled On", "Date Settled", "Settlement Date", "Cleared Date",
        "Cleared On", "Clearing Date", "Paid in Full On", "Fecha de liquidación",
    ];
    ArrivalOn = "arrival_on", [
        "到港日期", "到港日", "到港时间", "到货日期", "Arrival Date", "Arrival", "ATA", "Fecha de llegada",
    ];
    /// The day on which the goods are expected; that on which they came is `arrival_on`.
    EtaOn = "eta_on", [
        "预计到港日期", "预计到港日", "预计到港时间", "预计到港", "预计抵港日期", "预计抵港", "预到港日期", "预计到达", "ETA", "ETA Date", "Estimated Arrival",
        "Estimated Time of Arrival", "Estimated Arrival Date", "Expected Arrival", "Expected Arrival Date", "ETA Port",
        "Llegada prevista", "Llegada estimada", "Fecha estimada de llegada",
    ];
    FreeTimeEndOn = "free_time_end_on", [
        "免费期截止", "免费期截止日", "免费期截止日期", "免费期到期日", "免箱期", "免箱期截止", "免箱期截止日", "免柜期", "免柜期截止", "免堆期截止", "免费用箱期截止",
        "Free Time End", "Free Time Ends", "End of Free Time", "Free Time Until", "Free Time Expiry", "Last Free Day", "LFD",
        "Fin de días libres", "Último día libre",
    ];
    PlatformCloseOn = "platform_close_on", [
        "平台关闭时间", "订单关闭时间", "自动关闭时间", "订单自动关闭时间", "付款截止时间", "Order Closes At", "Order Close Time", "Auto Close Time",
        "Order Expires", "Payment Deadline", "Pay By",
    ];
    LatestShipmentOn = "latest_shipment_on", [
        "最迟装运期", "最迟装运日", "最迟装运日期", "最晚装运期", "最迟装船日", "最晚装船期", "最迟装期", "装运期限", "Latest Shipment", "Latest Shipment Date",
        "Latest Date of Shipment", "Last Shipment Date", "LSD", "Última fecha de embarque",
    ];
    PresentationOn = "presentation_on", [
        "交单期", "交单期限", "交单截止日", "交单截止日期", "最迟交单日", "最迟交单期", "Latest Presentation", "Latest Presentation Date",
        "Presentation Deadline", "Presentation Date", "Presentation By", "Last Day of Presentation", "Presentation",
        "Presentación de documentos",
    ];
    CreditExpiryOn = "credit_expiry_on", [
        "信用证有效期", "信用证到期日", "信用证效期", "信用证有效期至", "L/C有效期", "L/C到期日", "L/C Expiry", "L/C Expiry Date",
        "L/C Valid Until", "Expiry of L/C", "Credit Expiry", "Vencimiento de la carta de crédito",
    ];
    CollectionOn = "collection_on", [
        "到单日", "到单日期", "单据到达日", "单据到达日期", "托收到单日", "代收行收单日", "Collection", "Collection Date", "Documents Arrived",
        "Documents at Bank", "Documents Received by Bank", "Docs at Bank", "Llegada de documentos",
    ];
    AcceptanceOn = "acceptance_on", [
        "承兑日", "承兑日期", "汇票承兑日", "远期承兑日", "Acceptance", "Acceptance Date", "Accepted On", "Draft Accepted", "Date of Acceptance",
        "Fecha de aceptación",
    ];
    MaturityOn = "maturity_on", [
        "汇票到期日", "汇票到期日期", "承兑到期日", "承兑汇票到期日", "Draft Maturity", "Maturity of Draft", "Draft Maturity Date", "Draft Due Date",
        "Bill Maturity", "Bill of Exchange Maturity", "Vencimiento de la letra",
    ];
    Note = "note", ["备注", "说明", "注", "Remarks", "Remark", "Notes", "Note", "Comments", "Comment", "Memo", "Observaciones"];
    Status = "status", [
        "订单状态", "交易状态", "状态", "Order Status", "Order State", "Status", "State", "Estado del pedido", "Estado",
    ];
    PlacedAt = "placed_at", [
        "下单时间", "订单创建时间", "拍下时间", "创建时间", "Order Placed", "Order Placed At", "Placed At", "Order Time",
        "Order Created", "Order Creation Time", "Order Creation Date", "Created Time", "Created At", "Creation Date", "Purchase Date", "gmt_create",
    ];
    BuyerName = "buyer_name", [
        "买家姓名", "买家名称", "收货人姓名", "收货人", "收件人", "买家", "Buyer Name", "Buyer Full Name", "Recipient Name", "Recipient",
        "Receiver", "Ship Name", "Comprador",
    ];
    BuyerLogin = "buyer_login", [
        "买家登录ID", "买家登录账号", "买家账号", "买家ID", "买家会员名", "买家昵称", "Buyer Login", "Buyer Login ID", "Buyer ID",
        "Buyer Username", "Buyer User Name", "Buyer Account", "Buyer Nick", "Username", "User ID", "Login",
    ];
    Product = "product", [
        "产品名称", "产品", "商品名称", "商品标题", "商品", "品名", "货物", "产品信息", "Product Name", "Product", "Product Information",
        "Item Title", "Item Name", "Item", "Goods", "Description", "Producto", "Mercancía", "产品标题", "商品名", "标题",
        "Product Title", "Title",
    ];
    Quantity = "quantity", ["数量", "件数", "产品数量", "商品数量", "Quantity", "Qty", "PCS", "Cantidad"];
    Reference = "reference", [
        "参考号", "单据号", "付款参考", "收款单号", "付款备注", "Reference", "Reference No", "Ref No", "Ref", "Payment Reference",
        "Document Number", "Document No", "Doc No", "Referencia", "摘要", "附言",
    ];
    ReceivedOn = "received_on", [
        "收款日期", "到账日期", "收款日", "到账日", "入账日期", "Received On", "Date Received", "Receipt Date", "Value Date",
        "Booking Date", "日期", "Date", "Fecha de cobro", "Fecha",
    ];
    /// The seller's own number of an article.
    Sku = "sku", [
        "SKU", "SKU编码", "SKU编号", "SKU码", "商品SKU", "商品编码", "商品编号", "产品编码", "产品编号", "商家编码", "货号", "商品货号",
        "物料编码", "款号", "Seller SKU", "SKU Code", "Product Code", "Product Number", "Product No", "Item Code",
        "Item Number", "Item No", "Article Number", "Article No", "Part Number", "Código de artículo", "Referencia del artículo",
    ];
    TitleEn = "title_en", [
        "英文标题", "英文名称", "英文品名", "产品英文名", "商品英文名", "English Title", "English Name", "Title English", "Name English",
        "Product Name English", "Título en inglés",
    ];
    TitleZh = "title_zh", [
        "中文标题", "中文名称", "中文品名", "产品中文名", "商品中文名", "Chinese Title", "Chinese Name", "Title Chinese", "Name Chinese",
        "Product Name Chinese",
    ];
    TitleEs = "title_es", [
        "西班牙语标题", "西语标题", "西语名称", "Spanish Title", "Spanish Name", "Título en español",
    ];
    TitleRu = "title_ru", ["俄语标题", "俄文标题", "俄语名称", "Russian Title", "Russian Name"];
    Category = "category", [
        "类目", "商品类目", "产品类目", "品类", "商品分类", "产品分类", "分类", "Category", "Product Category", "Product Type",
        "Category Name", "Categoría",
    ];
    /// Colour, size, material, in one cell.
    Attributes = "attributes", [
        "属性", "商品属性", "产品属性", "SKU属性", "规格", "规格型号", "Attributes", "Product Attributes", "Variation", "Variant",
        "Specification", "Specifications", "Specs", "Atributos",
    ];
    /// Of one piece.
    Price = "price", [
        "单价", "售价", "销售价", "零售价", "价格", "商品单价", "产品单价", "Unit Price", "Price", "Sale Price", "Selling Price",
        "Retail Price", "List Price", "Precio unitario", "Precio",
    ];
    /// Number of the article on its platform.
    PlatformId = "platform_id", [
        "平台商品ID", "平台商品编号", "速卖通商品ID", "商品ID", "产品ID", "链接ID", "Platform ID", "AliExpress ID", "Product ID", "Item ID",
        "Listing ID",
    ];
    Url = "url", [
        "商品链接", "产品链接", "链接", "网址", "URL", "Product URL", "Item URL", "Product Link", "Link", "Enlace",
    ];
    Active = "active", [
        "是否在售", "在售", "是否上架", "上架状态", "商品状态", "产品状态", "Active", "Is Active", "On Sale", "Listed", "Published",
        "Listing Status", "Product Status",
    ];
    /// How many there are.
    Stock = "stock", [
        "库存", "库存数量", "库存量", "可用库存", "可售库存", "现有库存", "在库数量", "剩余库存", "Stock", "Stock Quantity", "Stock Level",
        "In Stock", "Available Stock", "Available Quantity", "Inventory", "On Hand", "Quantity On Hand", "Existencias",
        "Inventario",
    ];
    /// When a marketplace order was handed over.
    ShippedAt = "shipped_at", [
        "发货时间", "卖家发货时间", "实际发货时间", "发货日期", "Shipped At", "Ship Time", "Shipping Time", "Shipped On", "Ship Date",
        "Shipment Time", "Dispatch Date", "Dispatched On", "gmt_send_goods_time", "Fecha de envío",
    ];
    /// By when a marketplace wants it handed over.
    ShipBy = "ship_by", [
        "发货截止时间", "发货截止日期", "最晚发货时间", "最迟发货时间", "发货期限", "发货超时时间", "Ship By", "Ship By Date", "Shipping Deadline",
        "Latest Ship Date", "Ship Before", "Dispatch By", "Handling Deadline", "Enviar antes de",
    ];
    Carrier = "carrier", [
        "物流公司", "承运商", "承运人", "快递公司", "物流服务商", "实际发货物流", "物流方式", "Carrier", "Carrier Name", "Shipping Carrier",
        "Logistics Company", "Courier", "Shipping Company", "Logistics Service", "Shipping Service", "Transportista",
    ];
    /// One number or several, with a comma between them.
    TrackingNumber = "tracking_number", [
        "运单号", "运单号码", "物流单号", "物流运单号", "跟踪号", "追踪号", "快递单号", "货运跟踪号", "物流跟踪号", "国际运单号", "Tracking Number",
        "Tracking No", "Tracking ID", "Tracking Code", "Waybill Number", "Waybill No", "Número de seguimiento",
    ];
    /// What a platform paid out, after its fees; below zero: what it took back.
    PaidOut = "paid_out", [
        "放款金额", "实际放款金额", "实际放款", "放款净额", "实际到账金额", "结算净额", "Amount Released", "Released Amount", "Payout Amount",
        "Net Payout", "Net Amount", "Amount Disbursed", "Importe liberado",
    ];
    /// The same before its fees.
    GrossAmount = "gross_amount", [
        "放款总额", "放款总金额", "应放款金额", "结算总额", "结算金额", "Gross Amount", "Gross Payout", "Settlement Amount", "Importe bruto",
    ];
    Fee = "fee", [
        "平台佣金", "交易佣金", "佣金", "平台手续费", "交易手续费", "手续费", "平台服务费", "服务费", "Platform Fee", "Platform Commission",
        "Commission", "Transaction Fee", "Service Fee", "Fees", "Fee", "Comisión",
    ];
    /// Kept beside the platform's own fee.
    OtherFees = "other_fees", [
        "联盟佣金", "推广佣金", "其他费用", "其他扣款", "Affiliate Commission", "Affiliate Fee", "Other Fees", "Other Deductions", "Otras comisiones",
    ];
    PaidOutOn = "paid_out_on", [
        "放款时间", "放款日期", "结算日期", "结算时间", "打款日期", "打款时间", "Released On", "Release Date", "Release Time", "Released At",
        "Payout Date", "Settlement Date", "Disbursement Date", "Fecha de liberación",
    ];
    Payer = "payer", [
        "付款人", "付款方", "付款单位", "汇款人", "付款客户", "Payer Name", "Payer", "Paid By", "Remitter", "Ordering Customer",
        "Sender", "From", "Ordenante", "Pagador",
    ];
}
