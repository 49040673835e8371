"""Makes and the names that they go by: one line a make, the canonical name first.

A start for an empty system, not a boundary: a make that is not here is still compared by spelling and by sound.
A product line that names its make (iPhone, ThinkPad) stands with it.
"""

from __future__ import annotations

from typing import Final

MAKES: Final = """
yadea: 雅迪, 雅迪牌
aima: 爱玛, 爱玛牌
tailg: 台铃, 台铃牌
niu: 小牛, 牛电, 小牛电动
luyuan: 绿源
sunra: 新日, xinri
xiaodao: 小刀, 小刀牌
ninebot: 九号, 九号电动, segway, 赛格威
lima: 立马, 立马牌
jinjian: 金箭
byvin: 比德文
xinlei: 新蕾
jiebao: 杰宝大王, 杰宝
bodo: 宝岛电动, 宝岛
wuyang: 五羊, 五羊本田
hellobike: 哈啰, 哈罗
slane: 新大洲
zuanbao: 五星钻豹, 钻豹
qianjiang: 钱江
haojue: 豪爵
honda: 本田
yamaha: 雅马哈
suzuki: 铃木
giant: 捷安特
merida: 美利达
forever: 永久牌, 永久
phoenix: 凤凰牌, 凤凰
xds: 喜德盛
trek: 崔克
specialized: 闪电牌
cannondale: 佳能戴尔
dahon: 大行
brompton: 布朗普顿, 小布
battle: 邦德富士达, 富士达
apple: 苹果, iphone, macbook, ipad, airpods, 爱疯
huawei: 华为, matebook
honor: 荣耀, magicbook
xiaomi: 小米, mi
redmi: 红米
oppo: 欧珀
vivo: 维沃
iqoo: 艾酷
samsung: 三星, galaxy
oneplus: 一加
realme: 真我
meizu: 魅族
zte: 中兴
nubia: 努比亚
motorola: 摩托罗拉, moto
nokia: 诺基亚
google: 谷歌, pixel
lenovo: 联想, thinkpad, ideapad
dell: 戴尔, alienware, 外星人
hp: 惠普, hewlett packard
asus: 华硕, 玩家国度
acer: 宏碁, 宏基
microsoft: 微软
mechrevo: 机械革命
hasee: 神舟
thunderobot: 雷神
msi: 微星
toshiba: 东芝
lg: 乐金
canon: 佳能
nikon: 尼康
sony: 索尼
fujifilm: 富士, 富士胶片, fuji film
panasonic: 松下, lumix
olympus: 奥林巴斯
leica: 徕卡, 莱卡
dji: 大疆, 大疆创新
gopro: 狗剩
hasselblad: 哈苏
insta360: 影石
omega: 欧米茄
longines: 浪琴
rolex: 劳力士
tissot: 天梭
casio: 卡西欧
seiko: 精工
citizen: 西铁城
cartier: 卡地亚
tudor: 帝舵
mido: 美度
tagheuer: 泰格豪雅, 豪雅, tag heuer
iwc: 万国
patekphilippe: 百达翡丽, patek philippe, 百达斐丽
jaegerlecoultre: 积家, jaeger-lecoultre
audemarspiguet: 爱彼, audemars piguet
rado: 雷达表
rossini: 罗西尼
fiyta: 飞亚达
ebohr: 依波
tianwang: 天王表
chowtaifook: 周大福, ctf, chow tai fook
laofengxiang: 老凤祥, lao feng xiang
chowsangsang: 周生生, css, chow sang sang
lukfook: 六福, 六福珠宝, luk fook
laomiao: 老庙, 老庙黄金, lao miao
chowtaiseng: 周大生, chow tai seng
zhouliufu: 周六福, zhou liu fu
tsl: 谢瑞麟
chjewellery: 潮宏基
chinagold: 中国黄金, china gold
mingpai: 明牌, 明牌珠宝
caibai: 菜百, 菜百首饰
pandora: 潘多拉
tiffany: 蒂芙尼
bulgari: 宝格丽, bvlgari
moutai: 茅台, 贵州茅台, maotai, kweichow moutai
wuliangye: 五粮液
luzhoulaojiao: 泸州老窖, luzhou laojiao
guojiao1573: 国窖1573, 国窖
yanghe: 洋河
fenjiu: 汾酒
langjiu: 郎酒
jiannanchun: 剑南春
xijiu: 习酒
gujinggong: 古井贡, 古井贡酒
xifeng: 西凤, 西凤酒
shuijingfang: 水井坊
baiyunbian: 白云边
chunghwa: 中华
huanghelou: 黄鹤楼, 黄鹤
furongwang: 芙蓉王
liqun: 利群
yuxi: 玉溪
yunyan: 云烟
hongtashan: 红塔山
hongjinlong: 红金龙
suyan: 苏烟
baisha: 白沙
huangjinye: 黄金叶
shuangxi: 双喜, 红双喜
septwolves: 七匹狼
tianneng: 天能
chilwee: 超威
camel: 骆驼
sail: 风帆
varta: 瓦尔塔
narada: 南都
phylion: 星恒
haibao: 海宝
xupai: 旭派
leoch: 理士
fareast: 远东, 远东电缆, far east
baosheng: 宝胜
shangshang: 上上
jiangnan: 江南电缆
qifan: 起帆
hengtong: 亨通
zhongtian: 中天, 中天科技
chint: 正泰
delixi: 德力西
bosch: 博世
makita: 牧田
dewalt: 得伟, 德伟
dongcheng: 东成
hilti: 喜利得, 喜得利
milwaukee: 米沃奇, 美沃奇
dayi: 大艺
stanley: 史丹利
hikoki: 高壹工机, hitachi, 日立
worx: 威克士
blackdecker: 百得, black decker
einhell: 安海
louisvuitton: 路易威登, lv, louis vuitton
gucci: 古驰
hermes: 爱马仕
chanel: 香奈儿
prada: 普拉达
toyota: 丰田
volkswagen: 大众, vw
nissan: 日产
mazda: 马自达
ford: 福特
bmw: 宝马
audi: 奥迪
byd: 比亚迪
tesla: 特斯拉
rockymountain: rocky mountain
khs:
norco:
kona:
raleigh: 兰令
schwinn:
scott:
supercycle:
ccm:
fuji:
"""
